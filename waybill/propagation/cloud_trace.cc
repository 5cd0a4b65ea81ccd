#include <charconv>
#include <cstdint>
#include <cstring>
#include <system_error>

#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/id_words.h>

namespace waybill {
namespace {

// Takes a decimal number off the front of the text. False where there is none, or one too large.
template <class Number>
bool take_number(std::string_view& text, Number& number) noexcept {
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));
  return true;
}

}  // namespace

std::optional<RemoteSpan> parse_cloud_trace(std::string_view text) noexcept {
  constexpr std::string_view kOptions = ";o=";
  text = internal::trim(text);
  if (text.size() <= TraceId::kHexSize || text[TraceId::kHexSize] != '/') return std::nullopt;
  const auto trace_id = TraceId::from_hex(text.substr(0, TraceId::kHexSize));
  text.remove_prefix(TraceId::kHexSize + 1);
  std::uint64_t span = 0;
  if (!trace_id || !take_number(text, span) || span == 0) return std::nullopt;

  Sampling sampling = Sampling::kUndecided;
  if (!text.empty()) {
    if (!text.starts_with(kOptions)) return std::nullopt;
    text.remove_prefix(kOptions.size());
    std::uint32_t options = 0;
    if (!take_number(text, options) || !text.empty()) return std::nullopt;
    sampling = (options & 1) != 0 ? Sampling::kSampled : Sampling::kDropped;
  }
  return RemoteSpan{
      .trace_id = *trace_id, .span_id = internal::span_id_from(span), .sampling = sampling};
}

char* write_cloud_trace(const Context& context, char* out) noexcept {
  if (!context.trace_id().is_valid() || !context.span_id().is_valid()) return out;
  constexpr std::size_t kMaxDigits = 20;
  out = context.trace_id().write_hex(out);
  *out++ = '/';
  out = std::to_chars(out, out + kMaxDigits, internal::word_of(context.span_id())).ptr;
  if (context.sampling() == Sampling::kUndecided) return out;
  const char options[4] = {';', 'o', '=', is_sampled(context.sampling()) ? '1' : '0'};
  std::memcpy(out, options, sizeof options);
  return out + sizeof options;
}

}  // namespace waybill
