#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <waybill/core/ascii.h>
#include <waybill/core/hex.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/percent.h>
#include <waybill/propagation/jaeger.h>

namespace waybill {
namespace {

constexpr std::uint8_t kSampledBit = 1;
constexpr std::uint8_t kDebugBit = 2;

Sampling sampling_of(std::uint8_t flags) noexcept {
  if ((flags & kSampledBit) == 0) return Sampling::kDropped;
  return (flags & kDebugBit) != 0 ? Sampling::kDebug : Sampling::kSampled;
}

// `digits` with zeros in front up to N: in place where there are N, else in `storage`. Null for
// none, and for more than N.
template <std::size_t N>
const char* pad(std::string_view digits, char (&storage)[N]) noexcept {
  if (digits.size() == N) return digits.data();
  if (digits.empty() || digits.size() > N) return nullptr;
  std::memset(storage, '0', N);
  std::memcpy(storage + N - digits.size(), digits.data(), digits.size());
  return storage;
}

// Both ids, of either case. False when either is not one.
bool parse_ids(std::string_view trace_digits, std::string_view span_digits,
               RemoteSpan& span) noexcept {
  char trace_storage[TraceId::kHexSize];
  char span_storage[SpanId::kHexSize];
  const char* const trace_hex = pad(trace_digits, trace_storage);
  const char* const span_hex = pad(span_digits, span_storage);
  if (trace_hex == nullptr || span_hex == nullptr) return false;
  std::uint8_t trace_id[TraceId::kSize];
  std::uint8_t span_id[SpanId::kSize];
  if (!hex::decode_lowercase_16_and_8(trace_hex, trace_id, span_hex, span_id) &&
      !(hex::decode(trace_hex, trace_id, sizeof trace_id) &&
        hex::decode(span_hex, span_id, sizeof span_id))) {
    return false;
  }
  span.trace_id = std::bit_cast<TraceId>(trace_id);
  span.span_id = std::bit_cast<SpanId>(span_id);
  return span.trace_id.is_valid() && span.span_id.is_valid();
}

// The sender's parent; not valid where the text is no id.
SpanId parse_parent(std::string_view digits) noexcept {
  if (digits == "0") return {};
  char storage[SpanId::kHexSize];
  std::uint8_t id[SpanId::kSize];
  const char* const text = pad(digits, storage);
  if (text == nullptr || !hex::decode(text, id, sizeof id)) return {};
  return std::bit_cast<SpanId>(id);
}

// One byte, with any number of zeros before it.
std::optional<std::uint8_t> parse_flags(std::string_view digits) noexcept {
  while (digits.size() > 2 && digits.front() == '0') digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 2) return std::nullopt;
  const int low = hex::digit(digits.back());
  const int high = digits.size() == 2 ? hex::digit(digits.front()) : 0;
  if ((high | low) < 0) return std::nullopt;
  return static_cast<std::uint8_t>(high << 4 | low);
}

using Parts = std::array<std::string_view, 4>;

// The four parts, where nothing is percent-encoded.
std::optional<Parts> split_plain(std::string_view text) noexcept {
  Parts parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t end = text.find(':');
    if (end == text.npos) return std::nullopt;
    parts[i] = text.substr(0, end);
    text.remove_prefix(end + 1);
  }
  parts.back() = text;  // another ":" in it is no digit
  return parts;
}

// The four parts, whatever is between them: ":" or its percent-encoded form.
std::optional<Parts> split_encoded(std::string_view text) noexcept {
  Parts parts;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::size_t end = text.find_first_of(":%");
    if (end == text.npos) return std::nullopt;
    parts[i] = text.substr(0, end);
    text.remove_prefix(end);
    const bool encoded = text.starts_with("%3A") || text.starts_with("%3a");
    if (text[0] == '%' && !encoded) return std::nullopt;
    text.remove_prefix(encoded ? 3 : 1);
  }
  parts.back() = text;
  return parts;
}

std::optional<RemoteSpan> parse_parts(const Parts& parts) noexcept {
  std::optional<RemoteSpan> parsed;
  const auto flags = parse_flags(parts[3]);
  RemoteSpan span;
  if (!flags || !parse_ids(parts[0], parts[1], span)) return parsed;
  span.parent_span_id = parse_parent(parts[2]);
  span.sampling = sampling_of(*flags);
  parsed = span;
  return parsed;
}

[[gnu::noinline]] std::optional<RemoteSpan> parse_unusual(std::string_view text) noexcept {
  const bool has_escapes = text.find('%') != text.npos;
  const auto parts = has_escapes ? split_encoded(text) : split_plain(text);
  if (!parts) return std::nullopt;
  return parse_parts(*parts);
}

bool read_member(std::string_view key, std::string_view value, const JaegerBaggageVisitor& visit) {
  std::string decoded;
  if (key.empty() || !internal::decode_percent(internal::trim(value), decoded)) return false;
  visit(key, decoded);
  return true;
}

}  // namespace

std::optional<RemoteSpan> parse_uber_trace_id(std::string_view text) noexcept {
  text = internal::trim(text);
  // As OpenTelemetry's propagators write it: both ids in full, no parent, one or two digits of
  // flags.
  const bool usual = (text.size() == kUberTraceIdSize || text.size() == kUberTraceIdSize + 1) &&
                     text[32] == ':' && text[49] == ':' && text[50] == '0' && text[51] == ':';
  if (!usual) return parse_unusual(text);
  return parse_parts({text.substr(0, 32), text.substr(33, 16), {}, text.substr(52)});
}

char* write_uber_trace_id(const Context& context, char* out) noexcept {
  if (!context.trace_id().is_valid() || !context.span_id().is_valid()) return out;
  constexpr char kFlags[] = {'0', '0', '1', '3'};  // by Sampling
  out = context.trace_id().write_hex(out);
  *out++ = ':';
  out = context.span_id().write_hex(out);
  const char tail[4] = {':', '0', ':', kFlags[static_cast<std::size_t>(context.sampling())]};
  std::memcpy(out, tail, sizeof tail);
  return out + sizeof tail;
}

bool read_uber_context(std::string_view key, std::string_view value,
                       const JaegerBaggageVisitor& visit) {
  return read_member(ascii::lowercase(key), value, visit);
}

std::size_t read_jaeger_baggage(std::string_view list, const JaegerBaggageVisitor& visit) {
  if (list.size() > kMaxJaegerBaggageSize) return 1;
  std::size_t read = 0;
  std::size_t left_out = 0;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = internal::trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    const bool good =
        equals != member.npos && read < kMaxJaegerBaggageMembers &&
        read_member(internal::trim(member.substr(0, equals)), member.substr(equals + 1), visit);
    read += good;
    left_out += !good;
  }
  return left_out;
}

bool spell_uber_context(std::string_view key, std::string_view value, std::string& name,
                        std::string& text) {
  if (!internal::is_token(key)) return false;
  name = kUberContextPrefix;
  name += key;
  text.clear();
  internal::encode_percent(value, text, internal::kUnreserved);
  return true;
}

}  // namespace waybill
