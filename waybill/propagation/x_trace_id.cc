#include <algorithm>

#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/readers.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill {
namespace {

using internal::Rejection;

constexpr std::string_view kZeroHex = "00000000000000000000000000000000";
constexpr std::string_view kZeroUuid = "00000000-0000-0000-0000-000000000000";

// Whether the text is to be called by, rather than an id or nothing at all.
bool is_trace_name(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxXTraceIdSize &&
         std::all_of(text.begin(), text.end(), internal::is_visible_ascii) && text != kZeroHex &&
         text != kZeroUuid && !TraceId::from_hex(text) && !TraceId::from_uuid(text);
}

Rejection reason_for(std::string_view text) noexcept {
  if (text == kZeroHex || text == kZeroUuid) return &RejectionCounts::x_trace_id_zero_id;
  return text.size() > kMaxXTraceIdSize ? &RejectionCounts::x_trace_id_too_long
                                        : &RejectionCounts::x_trace_id_malformed;
}

}  // namespace

std::optional<XTraceId> parse_x_trace_id(std::string_view text) noexcept {
  text = internal::trim(text);
  if (const auto id = TraceId::from_hex(text)) return XTraceId{*id, {}};
  if (const auto id = TraceId::from_uuid(text)) return XTraceId{*id, {}};
  if (!is_trace_name(text)) return std::nullopt;
  return XTraceId{TraceId::from_name(text), text};
}

char* write_x_trace_id(const Context& context, TraceIdSpelling spelling, char* out) noexcept {
  if (!context.has_trace()) return out;
  const std::string_view name = context.trace_name();
  if (is_trace_name(name)) return std::copy(name.begin(), name.end(), out);
  return spelling == TraceIdSpelling::kUuid ? context.trace_id().write_uuid(out)
                                            : context.trace_id().write_hex(out);
}

std::string to_x_trace_id(const Context& context, TraceIdSpelling spelling) {
  char buffer[kMaxXTraceIdSize];
  return {buffer, write_x_trace_id(context, spelling, buffer)};
}

namespace internal {

std::optional<XTraceId> read_x_trace_id(std::string_view text) noexcept {
  const auto parsed = parse_x_trace_id(text);
  if (!parsed && !text.empty()) count_rejection(reason_for(trim(text)));
  return parsed;
}

}  // namespace internal
}  // namespace waybill
