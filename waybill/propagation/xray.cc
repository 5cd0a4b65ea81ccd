#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include <waybill/core/hex.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/xray.h>

namespace waybill {
namespace {

constexpr std::size_t kTimeDigits = 8;
constexpr std::size_t kUniqueDigits = 24;

// "1-5759e988-bd862e3fe1be46a994272793"
bool parse_root(std::string_view text, TraceId& id) noexcept {
  if (!text.starts_with("1-")) return false;
  text.remove_prefix(2);
  const std::size_t dash = text.find('-');
  if (dash == 0 || dash > kTimeDigits || text.size() - dash - 1 != kUniqueDigits) return false;
  char digits[TraceId::kHexSize];
  std::memset(digits, '0', kTimeDigits);
  std::memcpy(digits + kTimeDigits - dash, text.data(), dash);
  std::memcpy(digits + kTimeDigits, text.data() + dash + 1, kUniqueDigits);
  const auto parsed = TraceId::from_hex({digits, sizeof digits});
  id = parsed.value_or(TraceId{});
  return parsed.has_value();
}

bool parse_parent(std::string_view text, SpanId& id) noexcept {
  const auto parsed = SpanId::from_hex(text);
  id = parsed.value_or(SpanId{});
  return parsed.has_value();
}

bool parse_sampled(std::string_view text, Sampling& sampling) noexcept {
  if (text == "1") {
    sampling = Sampling::kSampled;
  } else if (text == "0") {
    sampling = Sampling::kDropped;
  } else if (text != "?") {
    return false;
  }
  return true;
}

bool is_lineage(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxXRayLineage &&
         std::ranges::all_of(text, [](char c) { return hex::digit(c) >= 0 || c == ':'; });
}

// The header as write_xray() and AWS write it. False for any other, which may be right all the
// same.
bool parse_usual(std::string_view text, RemoteSpan& span) noexcept {
  constexpr std::string_view kSampled = ";Sampled=";
  if (text.size() != kXRaySize || !text.starts_with("Root=1-") || text[15] != '-' ||
      text.substr(40, 8) != ";Parent=" || text.substr(64, kSampled.size()) != kSampled) {
    return false;
  }
  char digits[TraceId::kHexSize];
  std::memcpy(digits, text.data() + 7, kTimeDigits);
  std::memcpy(digits + kTimeDigits, text.data() + 16, kUniqueDigits);
  std::uint8_t trace_id[TraceId::kSize];
  std::uint8_t span_id[SpanId::kSize];
  if (!hex::decode_lowercase_16_and_8(digits, trace_id, text.data() + 48, span_id)) return false;
  span.trace_id = std::bit_cast<TraceId>(trace_id);
  span.span_id = std::bit_cast<SpanId>(span_id);
  return span.trace_id.is_valid() && span.span_id.is_valid() &&
         parse_sampled(text.substr(73), span.sampling);
}

// The parts of a header, each of which may be there once.
class Parts {
 public:
  // False for what is not "NAME=VALUE", malformed, or there again.
  bool add(std::string_view part) noexcept {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = internal::trim(part.substr(0, equals));
    const std::string_view value = internal::trim(part.substr(equals + 1));
    if (name == "Root") return once(kRoot) && parse_root(value, trace_.span.trace_id);
    if (name == "Parent") return once(kParent) && parse_parent(value, trace_.span.span_id);
    if (name == "Sampled") return once(kSampled) && parse_sampled(value, trace_.span.sampling);
    // Not worth losing a trace for.
    if (name == "Lineage" && is_lineage(value)) trace_.lineage = value;
    return true;
  }

  bool has_root() const noexcept { return (seen_ & kRoot) != 0; }
  const XRayTrace& trace() const noexcept { return trace_; }

 private:
  enum Part : unsigned { kRoot = 1, kParent = 2, kSampled = 4 };

  bool once(Part part) noexcept {
    const bool first = (seen_ & part) == 0;
    seen_ |= part;
    return first;
  }

  XRayTrace trace_;
  unsigned seen_ = 0;
};

std::optional<XRayTrace> parse_unusual(std::string_view text) noexcept {
  Parts parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view part = internal::trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!part.empty() && !parts.add(part)) return std::nullopt;
  }
  if (!parts.has_root()) return std::nullopt;
  return parts.trace();
}

}  // namespace

std::optional<XRayTrace> parse_xray(std::string_view text) noexcept {
  std::optional<XRayTrace> parsed(std::in_place);
  if (!parse_usual(text, parsed->span)) parsed = parse_unusual(text);
  return parsed;
}

char* write_xray(const Context& context, char* out) noexcept {
  if (!context.trace_id().is_valid() || !context.span_id().is_valid()) return out;
  const auto put = [&out](std::string_view text) {
    std::memcpy(out, text.data(), text.size());
    out += text.size();
  };
  char digits[TraceId::kHexSize];
  context.trace_id().write_hex(digits);
  put("Root=1-");
  put({digits, kTimeDigits});
  put("-");
  put({digits + kTimeDigits, kUniqueDigits});
  put(";Parent=");
  out = context.span_id().write_hex(out);
  if (context.sampling() != Sampling::kUndecided) {
    put(is_sampled(context.sampling()) ? ";Sampled=1" : ";Sampled=0");
  }
  return out;
}

void append_xray_lineage(std::string_view lineage, std::string& header) {
  if (is_lineage(lineage)) header.append(";Lineage=").append(lineage);
}

}  // namespace waybill
