// What the output goes to: whether it shows colours, how wide it is, which characters it knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace waybill::cli {

enum class ColourMode : std::uint8_t { kAuto, kAlways, kNever };

struct Terminal {
  // For output that has no width of its own.
  static constexpr std::size_t kDefaultWidth = 100;

  bool colour = false;
  bool ascii = false;  // nothing but ASCII for lines and marks
  std::size_t width = kDefaultWidth;
  bool fits_width = false;  // wrap and cut what is wider than `width`
};

// `fd` as it is now. Colours with kAuto: on a terminal, unless NO_COLOR (no-color.org) is set and
// not empty, or TERM is "dumb". The width is the terminal's, else that of COLUMNS, and then kept
// to; a pipe or file gets whole lines.
Terminal detect_terminal(int fd, ColourMode mode);

// Ways to write, as parameters of ECMA-48's SGR sequence (section 8.3.117).
namespace style {
inline constexpr std::string_view kBold = "1";
inline constexpr std::string_view kDim = "2";
inline constexpr std::string_view kYellow = "33";
inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kBoldRed = "1;31";
inline constexpr std::string_view kInverseRed = "1;7;31";
}  // namespace style

// Appends text in a style, or plainly where there are no colours.
class Paint {
 public:
  explicit Paint(bool colour) noexcept : colour_(colour) {}

  // An empty style is plain. `text` must be escaped already.
  void append(std::string& out, std::string_view sgr, std::string_view text) const;

 private:
  bool colour_;
};

}  // namespace waybill::cli
