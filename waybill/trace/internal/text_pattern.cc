#include <waybill/trace/internal/text_pattern.h>

namespace waybill::internal {

TextPattern::TextPattern(std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  first_ = pattern.substr(0, star);
  if (star == std::string_view::npos) return;
  has_star_ = true;
  const std::size_t last_star = pattern.rfind('*');
  last_ = pattern.substr(last_star + 1);
  for (std::size_t from = star; from < last_star;) {
    const std::size_t next = pattern.find('*', from + 1);
    if (next > from + 1) middle_.emplace_back(pattern.substr(from + 1, next - from - 1));
    from = next;
  }
}

bool TextPattern::matches(std::string_view text) const noexcept {
  if (!has_star_) return text == first_;
  if (text.size() < first_.size() + last_.size()) return false;
  if (!text.starts_with(first_) || !text.ends_with(last_)) return false;
  text.remove_prefix(first_.size());
  text.remove_suffix(last_.size());
  // The first place for each leaves the most for those behind it.
  for (const std::string& part : middle_) {
    const std::size_t found = text.find(part);
    if (found == std::string_view::npos) return false;
    text.remove_prefix(found + part.size());
  }
  return true;
}

}  // namespace waybill::internal
