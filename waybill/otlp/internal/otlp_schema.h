// The messages of OTLP as far as Waybill writes them, field by field: their numbers, types and
// names in JSON (opentelemetry-proto 1.x), in the order in which JSON has them.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

enum class FieldType : std::uint8_t {
  kMessage,
  kText,
  kId,  // bytes that are hexadecimal in JSON
  kBool,
  kInt64,  // varints
  kUint64,
  kUint32,  // enumerations, too
  kSint32,
  kFixed32,
  kFixed64,
  kSfixed64,
  kDouble,
};

struct MessageType;

struct OtlpField {
  std::uint32_t number;
  FieldType type;
  std::string_view name;
  const MessageType* message = nullptr;  // of kMessage
  bool is_repeated = false;
};

// Field numbers are 1 to 31.
struct MessageType {
  std::span<const OtlpField> fields;
};

// The request that carries a signal.
const MessageType& request_type(OtlpSignal signal) noexcept;

}  // namespace waybill::internal
