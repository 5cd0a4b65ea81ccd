// StyledLine: one line of output as it is put together, with its width kept count of.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <cli/terminal.h>
#include <cli/text.h>

namespace waybill::cli {

class StyledLine {
 public:
  explicit StyledLine(Paint paint) noexcept : paint_(paint) {}

  // Escaped text, in a style of terminal.h; an empty style is plain.
  void add(std::string_view sgr, std::string_view text) {
    paint_.append(text_, sgr, text);
    width_ += display_width(text);
  }

  // Like add(), but no more than `columns`; what is cut off shows as `mark`,
  // where that has room.
  void add_cut(std::string_view sgr, std::string_view text, std::size_t columns,
               std::string_view mark) {
    if (display_width(text) <= columns) return add(sgr, text);
    if (display_width(mark) > columns) return;
    add(sgr, std::string(fit(text, columns - display_width(mark))).append(mark));
  }

  // Spaces up to a column; none when the line is there already.
  void pad_to(std::size_t column) {
    if (column <= width_) return;
    text_.append(column - width_, ' ');
    width_ = column;
  }

  std::size_t width() const noexcept { return width_; }

  // The line without spaces at its end, and with "\n"; the next one starts empty.
  std::string take() {
    text_.resize(text_.find_last_not_of(' ') + 1);
    text_ += '\n';
    width_ = 0;
    std::string line;
    line.swap(text_);
    return line;
  }

 private:
  Paint paint_;
  std::string text_;
  std::size_t width_ = 0;
};

}  // namespace waybill::cli
