// RetryInfo: what the details of a gRPC status say about trying again.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace waybill::internal {

// Of the binary details of a status, a google.rpc.Status: the retry_delay of the
// google.rpc.RetryInfo among them (google/rpc/error_details.proto). Null: there is none, or it
// cannot be read. Never negative, never more than kLongestRetryAfter.
std::optional<std::chrono::nanoseconds> parse_retry_info(std::string_view details) noexcept;

// Whether a status code, by its number, says that the same request may succeed later (OTLP
// specification, "Failures").
bool is_retryable_grpc_status(int code, bool has_retry_info) noexcept;

}  // namespace waybill::internal
