// The header `traceparent` of W3C Trace Context Level 2 (section 3.2), and `traceresponse`, which
// has the same format: "00-<trace id>-<span id>-<flags>", 55 characters.
//
//   char buffer[waybill::kTraceparentSize];
//   char* end = waybill::write_traceparent(Context::current(), buffer);
//   auto parent =
//   waybill::parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
//
// No function here allocates (but those that return a string), fails or throws; all are
// thread-safe.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <waybill/core/context.h>

namespace waybill {

inline constexpr std::string_view kTraceparentHeader = "traceparent";
inline constexpr std::string_view kTraceresponseHeader = "traceresponse";
inline constexpr std::size_t kTraceparentSize = 55;

// What a traceparent says.
struct Traceparent {
  TraceId trace_id;
  SpanId span_id;    // the sender's span: the parent of what happens here
  TraceFlags flags;  // the sampled and random bits; the others mean nothing in version 00

  friend bool operator==(const Traceparent&, const Traceparent&) noexcept = default;
};

namespace detail {

inline constexpr std::uint8_t kKnownFlags = TraceFlags::kSampled | TraceFlags::kRandom;

// The value of a lowercase digit; 0x80 for what is none.
inline constexpr std::array<std::uint8_t, 256> kLowercaseDigits = [] {
  std::array<std::uint8_t, 256> values{};
  for (int c = 0; c < 256; ++c) {
    const int value = hex::lowercase_digit(static_cast<char>(c));
    values[static_cast<std::size_t>(c)] = static_cast<std::uint8_t>(value < 0 ? 0x80 : value);
  }
  return values;
}();

// Everything but a version 00 header of exactly the right size.
std::optional<Traceparent> parse_unusual_traceparent(std::string_view text) noexcept;

// Reads the ids and flags of the 55 characters at `text`, whatever the two of the version are.
inline std::optional<Traceparent> parse_traceparent_fields(const char* text) noexcept {
  // One object for all ways out, which is then the caller's own: a copy of parts just written would
  // cost as much as the parsing.
  std::optional<Traceparent> parsed;
  std::uint8_t trace_id[TraceId::kSize];
  std::uint8_t span_id[SpanId::kSize];
  const std::uint8_t high = kLowercaseDigits[static_cast<std::uint8_t>(text[53])];
  const std::uint8_t low = kLowercaseDigits[static_cast<std::uint8_t>(text[54])];
  const bool digits = hex::decode_lowercase_16_and_8(text + 3, trace_id, text + 36, span_id);
  const bool dashes = text[2] == '-' && text[35] == '-' && text[52] == '-';
  if (!digits || !dashes || ((high | low) & 0x80) != 0) return parsed;

  const auto trace = std::bit_cast<TraceId>(trace_id);
  const auto span = std::bit_cast<SpanId>(span_id);
  if (trace.is_valid() && span.is_valid()) {
    parsed.emplace();
    parsed->trace_id = trace;
    parsed->span_id = span;
    parsed->flags = TraceFlags(low & kKnownFlags);
  }
  return parsed;
}

}  // namespace detail

// Writes the traceparent of a request that `context` makes: kTraceparentSize characters, no
// terminator. Returns the end, or `out` itself, with nothing written, where the context has no
// trace or no span: such a header would be invalid.
inline char* write_traceparent(const Context& context, char* out) noexcept {
  const TraceId& trace_id = context.trace_id();
  const SpanId& span_id = context.span_id();
  const auto flags = static_cast<char>(context.flags().byte() & detail::kKnownFlags);
  if (!trace_id.is_valid() || !span_id.is_valid()) return out;
  std::memcpy(out, "00-", 3);
  trace_id.write_hex(out + 3);
  out[35] = '-';
  span_id.write_hex(out + 36);
  // The other bits are reserved, and sent as zero (section 3.2.2.5.3).
  const char tail[3] = {'-', '0', static_cast<char>('0' + flags)};
  std::memcpy(out + 52, tail, sizeof tail);
  return out + kTraceparentSize;
}

// The header's value, or "" where write_traceparent() writes nothing.
std::string to_traceparent(const Context& context);

// Empty when the text is not valid: wrong length or separators, uppercase digits, an id of zeros,
// version ff. Versions above 00 may be longer, if a dash follows the flags (section 3.2.4). Spaces
// and tabs around the value are no part of it (RFC 9110 section 5.5).
inline std::optional<Traceparent> parse_traceparent(std::string_view text) noexcept {
  if (text.size() == kTraceparentSize && text[0] == '0' && text[1] == '0') {
    return detail::parse_traceparent_fields(text.data());
  }
  return detail::parse_unusual_traceparent(text);
}

// The value of the response header `traceresponse`, which tells the caller what served it: the
// trace, the span that `context` is in, and whether that was sampled. As write_traceparent().
inline char* write_traceresponse(const Context& context, char* out) noexcept {
  return write_traceparent(context, out);
}

}  // namespace waybill
