#include <algorithm>

#include <grpcpp/support/status_code_enum.h>
#include <protozero/pbf_reader.hpp>

#include <waybill/otlp/internal/retry.h>
#include <waybill/otlp_grpc/internal/retry_info.h>

namespace waybill::internal {
namespace {

using std::chrono::nanoseconds;

constexpr auto kBytes = protozero::pbf_wire_type::length_delimited;
constexpr auto kVarint = protozero::pbf_wire_type::varint;

// google.protobuf.Duration: 1, seconds; 2, nanos.
nanoseconds read_duration(protozero::pbf_reader duration) {
  std::int64_t seconds = 0;
  std::int32_t rest = 0;
  while (duration.next()) {
    switch (duration.tag_and_type()) {
      case protozero::tag_and_type(1, kVarint):
        seconds = duration.get_int64();
        break;
      case protozero::tag_and_type(2, kVarint):
        rest = duration.get_int32();
        break;
      default:
        duration.skip();
    }
  }
  constexpr nanoseconds kLongest = kLongestRetryAfter;
  const std::chrono::seconds whole(std::clamp<std::int64_t>(
      seconds, 0, std::chrono::duration_cast<std::chrono::seconds>(kLongest).count()));
  const nanoseconds part(std::clamp<std::int32_t>(rest, 0, 999'999'999));
  return std::min<nanoseconds>(whole + part, kLongest);
}

// google.protobuf.Any: 1, type_url; 2, value. RetryInfo: 1, retry_delay.
std::optional<nanoseconds> read_any(protozero::pbf_reader any) {
  bool is_retry_info = false;
  protozero::data_view value;
  while (any.next()) {
    if (any.tag_and_type() == protozero::tag_and_type(1, kBytes)) {
      const protozero::data_view type = any.get_view();
      is_retry_info = std::string_view(type.data(), type.size()).ends_with("/google.rpc.RetryInfo");
    } else if (any.tag_and_type() == protozero::tag_and_type(2, kBytes)) {
      value = any.get_view();
    } else {
      any.skip();
    }
  }
  if (!is_retry_info) return std::nullopt;
  protozero::pbf_reader retry_info(value);
  nanoseconds delay{0};
  while (retry_info.next(1, kBytes)) delay = read_duration(retry_info.get_message());
  return delay;
}

}  // namespace

std::optional<nanoseconds> parse_retry_info(std::string_view details) noexcept {
  try {
    protozero::pbf_reader status(details.data(), details.size());
    while (status.next(3, kBytes)) {
      if (const auto delay = read_any(status.get_message())) return delay;
    }
  } catch (...) {  // malformed
  }
  return std::nullopt;
}

bool is_retryable_grpc_status(int code, bool has_retry_info) noexcept {
  switch (code) {
    case grpc::CANCELLED:
    case grpc::DEADLINE_EXCEEDED:
    case grpc::ABORTED:
    case grpc::OUT_OF_RANGE:
    case grpc::UNAVAILABLE:
    case grpc::DATA_LOSS:
      return true;
    case grpc::RESOURCE_EXHAUSTED:
      return has_retry_info;
    default:
      return false;
  }
}

}  // namespace waybill::internal
