// TextPattern: a text in which each `*` stands for any text, also for none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waybill::internal {

class TextPattern {
 public:
  explicit TextPattern(std::string_view pattern);

  // In time of at most both sizes' product.
  bool matches(std::string_view text) const noexcept;

 private:
  std::string first_;                // before the first `*`, or all of it
  std::vector<std::string> middle_;  // between two
  std::string last_;                 // behind the last
  bool has_star_ = false;
};

}  // namespace waybill::internal
