#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/id_words.h>
#include <waybill/propagation/internal/percent.h>
#include <waybill/propagation/jaeger.h>

namespace waybill {
namespace {

constexpr std::size_t kMaxBaggageListSize = 8192;
constexpr std::uint8_t kSampledBit = 1;
constexpr std::uint8_t kDebugBit = 2;

Sampling sampling_of(std::uint8_t flags) noexcept {
  if ((flags & kSampledBit) == 0) return Sampling::kDropped;
  return (flags & kDebugBit) != 0 ? Sampling::kDebug : Sampling::kSampled;
}

// Up to 16 digits of either case as a number.
std::optional<std::uint64_t> parse_word(std::string_view digits) noexcept {
  if (digits.empty() || digits.size() > SpanId::kHexSize) return std::nullopt;
  std::uint64_t word = 0;
  for (const char c : digits) {
    const int digit = hex::digit(c);
    if (digit < 0) return std::nullopt;
    word = word << 4 | static_cast<unsigned>(digit);
  }
  return word;
}

std::optional<TraceId> parse_trace_id(std::string_view digits) noexcept {
  if (digits.size() > TraceId::kHexSize) return std::nullopt;
  const std::size_t high_size = digits.size() - std::min(digits.size(), SpanId::kHexSize);
  const auto low = parse_word(digits.substr(high_size));
  const auto high = high_size == 0 ? std::uint64_t{0} : parse_word(digits.substr(0, high_size));
  if (!low || !high || (*low | *high) == 0) return std::nullopt;
  return internal::trace_id_from(*high, *low);
}

// One byte, with any number of zeros before it.
std::optional<std::uint8_t> parse_flags(std::string_view digits) noexcept {
  if (digits.empty()) return std::nullopt;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
  const auto flags = digits.size() <= 2 ? parse_word(digits) : std::nullopt;
  if (!flags) return std::nullopt;
  return static_cast<std::uint8_t>(*flags);
}

// The four parts, whatever is between them: ":" or its percent-encoded form.
std::optional<std::array<std::string_view, 4>> split(std::string_view text) noexcept {
  std::array<std::string_view, 4> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::size_t end = std::min(text.find_first_of(":%"), text.size());
    parts[i] = text.substr(0, end);
    text.remove_prefix(end);
    const bool last = i + 1 == parts.size();
    if (text.empty() || last) {
      if (!text.empty() || !last) return std::nullopt;
      return parts;
    }
    const bool encoded = text.starts_with("%3A") || text.starts_with("%3a");
    if (text[0] == '%' && !encoded) return std::nullopt;
    text.remove_prefix(encoded ? 3 : 1);
  }
  return std::nullopt;
}

std::optional<RemoteSpan> parse_unusual(std::string_view text) noexcept {
  const auto parts = split(text);
  if (!parts) return std::nullopt;
  const auto& [trace_digits, span_digits, parent_digits, flag_digits] = *parts;
  const auto trace_id = parse_trace_id(trace_digits);
  const auto span_word = parse_word(span_digits);
  const auto flags = parse_flags(flag_digits);
  if (!trace_id || !span_word || *span_word == 0 || !flags) return std::nullopt;
  return RemoteSpan{.trace_id = *trace_id,
                    .span_id = internal::span_id_from(*span_word),
                    .parent_span_id = internal::span_id_from(parse_word(parent_digits).value_or(0)),
                    .sampling = sampling_of(*flags)};
}

bool read_member(std::string_view key, std::string_view value, const JaegerBaggageVisitor& visit) {
  std::string decoded;
  if (key.empty() || !internal::decode_percent(internal::trim(value), decoded)) return false;
  visit(key, decoded);
  return true;
}

}  // namespace

std::optional<RemoteSpan> parse_uber_trace_id(std::string_view text) noexcept {
  std::optional<RemoteSpan> parsed;
  text = internal::trim(text);
  // As clients of the last years write it: both ids in full, no parent, one digit of flags.
  const bool usual = text.size() == kUberTraceIdSize && text[32] == ':' && text[49] == ':' &&
                     text[50] == '0' && text[51] == ':';
  if (!usual) return parse_unusual(text);
  std::uint8_t trace_id[TraceId::kSize];
  std::uint8_t span_id[SpanId::kSize];
  const int flags = hex::digit(text[52]);
  if (!hex::decode_lowercase_16_and_8(text.data(), trace_id, text.data() + 33, span_id) ||
      flags < 0) {
    return parse_unusual(text);
  }
  const auto trace = std::bit_cast<TraceId>(trace_id);
  const auto span = std::bit_cast<SpanId>(span_id);
  if (trace.is_valid() && span.is_valid()) {
    parsed.emplace();
    parsed->trace_id = trace;
    parsed->span_id = span;
    parsed->sampling = sampling_of(static_cast<std::uint8_t>(flags));
  }
  return parsed;
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
  std::string lower(key);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  return read_member(lower, value, visit);
}

std::size_t read_jaeger_baggage(std::string_view list, const JaegerBaggageVisitor& visit) {
  if (list.size() > kMaxBaggageListSize) return 1;
  std::size_t malformed = 0;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view member = internal::trim(list.substr(0, comma));
    list.remove_prefix(std::min(comma + 1, list.size()));
    if (member.empty()) continue;
    const std::size_t equals = member.find('=');
    const bool has_value = equals != std::string_view::npos;
    const bool read = has_value && read_member(internal::trim(member.substr(0, equals)),
                                               member.substr(equals + 1), visit);
    malformed += !read;
  }
  return malformed;
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
