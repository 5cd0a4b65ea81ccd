// What a collector's response says beside its status: how much of a request it did not take, and
// why. Responses are input from outside: what cannot be read counts as not there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace waybill::internal {

// In what form requests and responses are.
enum class Encoding : std::uint8_t { kProtobuf, kJson };

struct PartialSuccess {
  std::uint64_t rejected = 0;  // records
  std::string message = {};    // may be there although nothing was rejected: a warning
};

// Of an Export…ServiceResponse (opentelemetry/proto/collector), which all signals have in one form:
// field 1, partial_success, holds the fields 1, the number, and 2, the message.
PartialSuccess parse_partial_success(std::string_view body, Encoding encoding) noexcept;

// The message of a google.rpc.Status: field 2, "message". Empty where there is none.
std::string parse_status_message(std::string_view body, Encoding encoding) noexcept;

// As much of a collector's message as is reported: a line.
inline constexpr std::size_t kLongestMessage = 256;

}  // namespace waybill::internal
