#include <algorithm>
#include <optional>

#include <cli/text.h>
#include <cli/trace_key_search.h>
#include <cli/trace_matcher.h>
#include <waybill/core/hex.h>

namespace waybill::cli {

namespace {

std::optional<TraceId> id_from_digits(std::string_view text) noexcept {
  if (text.size() == TraceId::kHexSize) return TraceId::from_hex(text);
  if (text.size() == TraceId::kUuidSize) return TraceId::from_uuid(text);
  return std::nullopt;
}

// The hex digits of the start of an id, a UUID's dashes left out; empty when it is none.
std::string prefix_digits(std::string_view text) {
  std::string digits = lowercase(text);
  std::erase(digits, '-');
  const bool all_hex = std::ranges::all_of(digits, [](char c) { return hex::digit(c) >= 0; });
  const bool fits =
      digits.size() >= TraceMatcher::kShortestPrefix && digits.size() < TraceId::kHexSize;
  return all_hex && fits ? digits : std::string();
}

char fold(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool is_trace_name(std::string_view trace_id) noexcept {
  return !trace_id.empty() && !id_from_digits(trace_id);
}

TraceMatcher::TraceMatcher(std::string_view id)
    : text_(id),
      id_(TraceId::from_name(id)),
      is_name_(is_trace_name(id)),
      prefix_(is_name_ ? prefix_digits(id) : std::string()) {}

TraceMatcher::Match TraceMatcher::match(std::string_view trace_id) {
  if (trace_id.empty()) return Match::kNo;
  if (const auto id = id_from_digits(trace_id)) return match_id(*id);
  return match_name(trace_id);
}

TraceMatcher::Match TraceMatcher::match_id(const TraceId& id) const {
  if (id == id_) return Match::kYes;
  if (prefix_.empty()) return Match::kNo;
  char digits[TraceId::kHexSize];
  id.write_hex(digits);
  return std::string_view(digits, sizeof digits).starts_with(prefix_) ? Match::kPrefix : Match::kNo;
}

TraceMatcher::Match TraceMatcher::match_name(std::string_view name) {
  if (name == text_) return Match::kYes;
  // Two names are never the same trace; only an id, or its start, can be that of another name.
  if (is_name_ && prefix_.empty()) return Match::kNo;
  if (name != last_name_) {
    last_name_ = name;
    last_match_ = match_id(TraceId::from_name(name));
  }
  return last_match_;
}

bool TraceMatcher::may_match(std::string_view line) {
  TraceKeySearch search(line);
  bool has_trace = false;
  bool may = false;
  while (!may && search.next()) {
    has_trace = true;
    const std::string_view value = trace_in_resource_name(search.value());
    may = search.is_opaque() || match(value) != Match::kNo;
    if (!may) remember_if_similar(value);
  }
  lines_with_trace_ += has_trace;
  return may;
}

// One begins with the other, but for the case.
void TraceMatcher::remember_if_similar(std::string_view trace_id) {
  const std::size_t size = std::min(trace_id.size(), text_.size());
  if (size < kShortestSimilar || similar_.size() >= kMostSimilar) return;
  for (std::size_t i = 0; i < size; ++i) {
    if (fold(trace_id[i]) != fold(text_[i])) return;
  }
  if (std::ranges::find(similar_, trace_id) == similar_.end()) similar_.emplace_back(trace_id);
}

}  // namespace waybill::cli
