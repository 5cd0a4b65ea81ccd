#include <charconv>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cli/terminal.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kNarrowest = 40;
constexpr std::size_t kWidest = 10'000;

std::string_view environment(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

// 0 when nobody says.
std::size_t width_of(int fd) noexcept {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string_view columns = environment("COLUMNS");
  std::size_t width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return width <= kWidest ? width : 0;
}

}  // namespace

Terminal detect_terminal(int fd, ColourMode mode) {
  const bool is_terminal = ::isatty(fd) == 1;
  Terminal terminal;
  terminal.colour = mode == ColourMode::kAlways ||
                    (mode == ColourMode::kAuto && is_terminal && environment("NO_COLOR").empty() &&
                     environment("TERM") != "dumb");
  if (const std::size_t width = width_of(fd); width > 0) {
    terminal.width = width < kNarrowest ? kNarrowest : width;
    terminal.fits_width = true;
  }
  return terminal;
}

void Paint::append(std::string& out, std::string_view sgr, std::string_view text) const {
  if (!colour_ || sgr.empty() || text.empty()) {
    out.append(text);
    return;
  }
  out.append("\x1b[").append(sgr).append("m").append(text).append("\x1b[0m");
}

}  // namespace waybill::cli
