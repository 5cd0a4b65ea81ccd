#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/traceparent.h>

namespace waybill {
namespace {

using internal::Rejection;

bool is_forbidden_version(std::string_view text) noexcept {
  return text.size() >= 3 && text.substr(0, 3) == "ff-";
}

// Whether an id of a header that is otherwise well-formed has digits, all of them zero.
bool has_zero_id(std::string_view text) noexcept {
  if (text.size() < kTraceparentSize) return false;
  const auto all_zero = [](std::string_view digits) {
    return digits.find_first_not_of('0') == std::string_view::npos;
  };
  return all_zero(text.substr(3, TraceId::kHexSize)) || all_zero(text.substr(36, SpanId::kHexSize));
}

Rejection reason_for(std::string_view text) noexcept {
  if (is_forbidden_version(text)) return &RejectionCounts::traceparent_version;
  return has_zero_id(text) ? &RejectionCounts::traceparent_zero_id
                           : &RejectionCounts::traceparent_malformed;
}

}  // namespace

namespace detail {

std::optional<Traceparent> parse_unusual_traceparent(std::string_view text) noexcept {
  text = internal::trim(text);
  if (text.size() < kTraceparentSize || is_forbidden_version(text)) return std::nullopt;
  const int high = hex::lowercase_digit(text[0]);
  const int low = hex::lowercase_digit(text[1]);
  if ((high | low) < 0) return std::nullopt;
  if (text.size() > kTraceparentSize) {
    const bool version_00 = (high | low) == 0;
    if (version_00 || text[kTraceparentSize] != '-') return std::nullopt;
  }
  // Of flags in later versions the standard names the sampled bit alone. The random bit is kept
  // too: versions are additive, and a trace id that came with it must be passed on with it (section
  // 3.2.2.5.2).
  return parse_traceparent_fields(text.data());
}

}  // namespace detail

namespace internal {

std::optional<Traceparent> read_traceparent(std::string_view text) noexcept {
  auto parsed = parse_traceparent(text);
  if (!parsed && !text.empty()) count_rejection(reason_for(trim(text)));
  return parsed;
}

}  // namespace internal

std::string to_traceparent(const Context& context) {
  char buffer[kTraceparentSize];
  return {buffer, write_traceparent(context, buffer)};
}

}  // namespace waybill
