#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

#include <waybill/core/hex.h>
#include <waybill/propagation/datadog.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/id_words.h>
#include <waybill/propagation/tracestate.h>

namespace waybill {
namespace {

constexpr std::string_view kTagPrefix = "_dd.p.";
constexpr std::string_view kHighBitsTag = "_dd.p.tid";
constexpr std::string_view kTracestateKey = "dd";

template <class Number>
std::optional<Number> parse_number(std::string_view text) noexcept {
  text = internal::trim(text);
  Number number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return number;
}

Sampling parse_priority(std::string_view text) noexcept {
  const auto priority = parse_number<int>(text);
  if (!priority) return Sampling::kUndecided;
  if (*priority <= 0) return Sampling::kDropped;
  return *priority == 1 ? Sampling::kSampled : Sampling::kDebug;
}

struct Item {
  std::string_view name;
  std::string_view value;
};

// Takes "NAME=VALUE", or with another mark between, off the front of a list. An item without the
// mark has no name.
Item take_item(std::string_view& list, char separator, char mark) noexcept {
  const std::size_t end = std::min(list.find(separator), list.size());
  const std::string_view item = internal::trim(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  const std::size_t at = item.find(mark);
  if (at == std::string_view::npos) return {{}, item};
  return {item.substr(0, at), item.substr(at + 1)};
}

std::string_view usable_tags(std::string_view tags) noexcept {
  const bool usable = tags.size() <= kMaxDatadogTagsSize && internal::is_header_text(tags);
  return usable ? tags : std::string_view{};
}

std::uint64_t high_bits_in(std::string_view tags) noexcept {
  while (!tags.empty()) {
    const auto [name, value] = take_item(tags, ',', '=');
    if (name != kHighBitsTag) continue;
    std::uint64_t bits = 0;
    for (const char c : value) {
      const int digit = hex::lowercase_digit(c);
      if (digit < 0) return 0;
      bits = bits << 4 | static_cast<unsigned>(digit);
    }
    return value.size() == SpanId::kHexSize ? bits : 0;
  }
  return 0;
}

// In a tracestate member "=" is spelled "~", and what it cannot hold "_".
void append_escaped(std::string_view text, std::string& out) {
  for (const char c : text) {
    const bool fits = c >= 0x20 && c <= 0x7e && c != ',' && c != ';' && c != '~';
    out += c == '=' ? '~' : fits ? c : '_';
  }
}

void append_unescaped(std::string_view text, std::string& out) {
  for (const char c : text) out += c == '~' ? '=' : c;
}

void append_hex(std::uint64_t word, std::string& out) {
  char digits[SpanId::kHexSize];
  internal::span_id_from(word).write_hex(digits);
  out.append(digits, sizeof digits);
}

// Reads the context's member "dd" into `tags`, behind what is there, and `origin`.
void read_member(std::string_view tracestate, DatadogBuffer& buffer) {
  const auto state = Tracestate::parse(tracestate);
  const auto member = state ? state->get(kTracestateKey) : std::nullopt;
  if (!member) return;
  for (std::string_view rest = *member; !rest.empty();) {
    const auto [name, value] = take_item(rest, ';', ':');
    if (name == "o") {
      append_unescaped(value, buffer.origin);
    } else if (name.starts_with("t.") && name != "t.tid") {
      std::string tag(kTagPrefix);
      tag.append(name.substr(2)).append(1, '=');
      append_unescaped(value, tag);
      const bool fits = buffer.tags.size() + 1 + tag.size() <= kMaxDatadogTagsSize;
      if (!fits) continue;
      if (!buffer.tags.empty()) buffer.tags += ',';
      buffer.tags += tag;
    }
  }
}

template <std::size_t kSize>
std::string_view write_number(std::uint64_t number, std::array<char, kSize>& out) noexcept {
  const char* const end = std::to_chars(out.data(), out.data() + kSize, number).ptr;
  return {out.data(), static_cast<std::size_t>(end - out.data())};
}

}  // namespace

std::optional<RemoteSpan> parse_datadog(const DatadogHeaders& headers) noexcept {
  const auto trace = parse_number<std::uint64_t>(headers.trace_id);
  if (!trace || *trace == 0) return std::nullopt;
  const bool has_parent = !internal::trim(headers.parent_id).empty();
  const auto parent =
      has_parent ? parse_number<std::uint64_t>(headers.parent_id) : std::optional<std::uint64_t>(0);
  if (!parent || (*parent == 0 && internal::trim(headers.origin).empty())) return std::nullopt;
  return RemoteSpan{
      .trace_id = internal::trace_id_from(high_bits_in(usable_tags(headers.tags)), *trace),
      .span_id = internal::span_id_from(*parent),
      .sampling = parse_priority(headers.sampling_priority)};
}

std::string datadog_tracestate(const DatadogHeaders& headers) {
  std::string member;
  // What comes too late to fit is left out.
  const auto add = [&member](std::string_view name, std::string_view value) {
    std::string item(name);
    item += ':';
    append_escaped(value, item);
    if (member.size() + 1 + item.size() > Tracestate::kMaxValueSize) return;
    if (!member.empty()) member += ';';
    member += item;
  };
  const std::string_view origin = internal::trim(headers.origin);
  if (!origin.empty() && origin.size() <= Tracestate::kMaxValueSize) add("o", origin);
  for (std::string_view rest = usable_tags(headers.tags); !rest.empty();) {
    const auto [name, value] = take_item(rest, ',', '=');
    if (!name.starts_with(kTagPrefix) || name == kHighBitsTag || value.empty()) continue;
    std::string key = "t.";
    for (const char c : name.substr(kTagPrefix.size())) {
      key += internal::is_visible_ascii(c) && c != ':' && c != ';' && c != '~' ? c : '_';
    }
    add(key, value);
  }
  while (member.ends_with(' ')) member.pop_back();
  return member;
}

DatadogHeaders write_datadog(const Context& context, DatadogBuffer& buffer) {
  DatadogHeaders headers;
  const std::uint64_t low = internal::low_word(context.trace_id());
  if (low == 0 || !context.span_id().is_valid()) return headers;
  headers.trace_id = write_number(low, buffer.trace_id);
  headers.parent_id = write_number(internal::word_of(context.span_id()), buffer.parent_id);
  constexpr std::string_view kPriorities[] = {"", "0", "1", "2"};  // by Sampling
  headers.sampling_priority = kPriorities[static_cast<std::size_t>(context.sampling())];

  buffer.tags.clear();
  buffer.origin.clear();
  if (const std::uint64_t high = internal::high_word(context.trace_id()); high != 0) {
    buffer.tags.append(kHighBitsTag).append(1, '=');
    append_hex(high, buffer.tags);
  }
  if (!context.tracestate().empty()) read_member(context.tracestate(), buffer);
  headers.tags = buffer.tags;
  headers.origin = buffer.origin;
  return headers;
}

}  // namespace waybill
