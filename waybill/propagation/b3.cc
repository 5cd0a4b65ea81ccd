#include <bit>
#include <cstdint>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/propagation/b3.h>
#include <waybill/propagation/internal/header_text.h>

namespace waybill {
namespace {

constexpr std::size_t kShortTraceId = SpanId::kHexSize;

constexpr char kZeros[] = "00000000000000000000000000000000";
static_assert(sizeof kZeros == TraceId::kHexSize + 1);

// Reads both ids. False when either is not one.
bool parse_ids(std::string_view trace_id, std::string_view span_id, RemoteSpan& span) noexcept {
  if (span_id.size() != SpanId::kHexSize) return false;
  char padded[TraceId::kHexSize];
  const char* trace_hex = trace_id.data();
  if (trace_id.size() == kShortTraceId) {
    std::memcpy(padded, kZeros, kShortTraceId);
    std::memcpy(padded + kShortTraceId, trace_id.data(), kShortTraceId);
    trace_hex = padded;
  } else if (trace_id.size() != TraceId::kHexSize) {
    return false;
  }
  std::uint8_t trace_bytes[TraceId::kSize];
  std::uint8_t span_bytes[SpanId::kSize];
  if (!hex::decode_lowercase_16_and_8(trace_hex, trace_bytes, span_id.data(), span_bytes)) {
    return false;
  }
  span.trace_id = std::bit_cast<TraceId>(trace_bytes);
  span.span_id = std::bit_cast<SpanId>(span_bytes);
  return span.trace_id.is_valid() && span.span_id.is_valid();
}

std::optional<Sampling> parse_state(char c) noexcept {
  switch (c) {
    case '0':
      return Sampling::kDropped;
    case '1':
      return Sampling::kSampled;
    case 'd':
      return Sampling::kDebug;
    default:
      return std::nullopt;
  }
}

// The parent is for information alone: one of zeros is none.
bool parse_parent(std::string_view text, RemoteSpan& span) noexcept {
  if (text.size() != SpanId::kHexSize) return false;
  std::uint8_t no_trace_id[TraceId::kSize];
  std::uint8_t bytes[SpanId::kSize];
  if (!hex::decode_lowercase_16_and_8(kZeros, no_trace_id, text.data(), bytes)) return false;
  span.parent_span_id = std::bit_cast<SpanId>(bytes);
  return true;
}

// The sampled header as it is sent, and as early senders spelled it.
std::optional<Sampling> parse_sampled(std::string_view text) noexcept {
  if (text == "true" || text == "True") return Sampling::kSampled;
  if (text == "false" || text == "False") return Sampling::kDropped;
  if (text == "d") return Sampling::kDebug;
  return text.size() == 1 ? parse_state(text[0]) : std::nullopt;
}

}  // namespace

std::optional<RemoteSpan> parse_b3(std::string_view text) noexcept {
  std::optional<RemoteSpan> parsed;
  text = internal::trim(text);
  RemoteSpan span;
  if (text.size() == 1) {
    const auto state = parse_state(text[0]);
    if (!state) return parsed;
    span.sampling = *state;
    parsed = span;
    return parsed;
  }
  const std::size_t dash = text.size() > TraceId::kHexSize && text[TraceId::kHexSize] == '-'
                               ? TraceId::kHexSize
                               : kShortTraceId;
  const std::size_t ids_end = dash + 1 + SpanId::kHexSize;
  if (text.size() < ids_end || text[dash] != '-') return parsed;
  if (!parse_ids(text.substr(0, dash), text.substr(dash + 1, SpanId::kHexSize), span)) {
    return parsed;
  }
  const std::string_view rest = text.substr(ids_end);  // "", "-1" or "-1-PARENT"
  if (!rest.empty()) {
    const auto state = rest.size() >= 2 && rest[0] == '-' ? parse_state(rest[1]) : std::nullopt;
    if (!state) return parsed;
    span.sampling = *state;
    if (rest.size() > 2 && (rest[2] != '-' || !parse_parent(rest.substr(3), span))) return parsed;
  }
  parsed = span;
  return parsed;
}

std::optional<RemoteSpan> parse_b3_multi(const B3Headers& headers) noexcept {
  RemoteSpan span;
  const std::string_view sampled = internal::trim(headers.sampled);
  if (internal::trim(headers.flags) == "1") {
    span.sampling = Sampling::kDebug;
  } else if (!sampled.empty()) {
    const auto state = parse_sampled(sampled);
    if (!state) return std::nullopt;
    span.sampling = *state;
  }
  const std::string_view trace_id = internal::trim(headers.trace_id);
  const std::string_view span_id = internal::trim(headers.span_id);
  if (trace_id.empty() && span_id.empty()) {
    return span.sampling == Sampling::kUndecided ? std::nullopt : std::optional(span);
  }
  if (!parse_ids(trace_id, span_id, span)) return std::nullopt;
  const std::string_view parent = internal::trim(headers.parent_span_id);
  if (!parent.empty() && !parse_parent(parent, span)) return std::nullopt;
  return span;
}

char* write_b3(const Context& context, char* out) noexcept {
  constexpr char kStates[] = {'\0', '0', '1', 'd'};  // by Sampling
  const char state = kStates[static_cast<std::size_t>(context.sampling())];
  if (context.trace_id().is_valid() && context.span_id().is_valid()) {
    out = context.trace_id().write_hex(out);
    *out++ = '-';
    out = context.span_id().write_hex(out);
    if (state == '\0') return out;
    *out++ = '-';
  } else if (state == '\0') {
    return out;
  }
  *out++ = state;
  return out;
}

B3Headers write_b3_multi(const Context& context, B3Buffer& buffer) noexcept {
  B3Headers headers;
  if (context.trace_id().is_valid() && context.span_id().is_valid()) {
    char* const span_id = context.trace_id().write_hex(buffer.data());
    context.span_id().write_hex(span_id);
    headers.trace_id = {buffer.data(), TraceId::kHexSize};
    headers.span_id = {span_id, SpanId::kHexSize};
  }
  switch (context.sampling()) {
    case Sampling::kUndecided:
      break;
    case Sampling::kDropped:
    case Sampling::kRecorded:
      headers.sampled = "0";
      break;
    case Sampling::kSampled:
      headers.sampled = "1";
      break;
    case Sampling::kDebug:
      headers.flags = "1";  // and implies the other
      break;
  }
  return headers;
}

}  // namespace waybill
