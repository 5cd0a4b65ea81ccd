#include <algorithm>

#include <cli/story_layout.h>
#include <cli/text.h>

namespace waybill::cli {

namespace {

// Beyond this the durations would stand too far from their hops.
constexpr std::size_t kWidestPicture = 120;
constexpr std::size_t kBarWidth = 24;
constexpr std::size_t kNarrowBarWidth = 12;
constexpr std::size_t kLeastWidthForBars = 80;
constexpr std::size_t kLeastWidthForWideBars = 100;

std::size_t bar_width_for(std::size_t width) noexcept {
  if (width < kLeastWidthForBars) return 0;
  return width < kLeastWidthForWideBars ? kNarrowBarWidth : kBarWidth;
}

// A branch takes three columns, and branches may take half of the width.
constexpr std::size_t kColumnsPerDepthShown = 6;

constexpr StoryGlyphs kUnicode = {"│  ", "├─ ", "└─ ", "   ", "━", "•", "…", " · "};
constexpr StoryGlyphs kAscii = {"|  ", "|- ", "`- ", "   ", "=", "*", "...", ", "};

}  // namespace

const StoryGlyphs& story_glyphs(bool ascii) noexcept {
  return ascii ? kAscii : kUnicode;
}

StoryLayout::StoryLayout(const Story& story, const Terminal& terminal)
    : start_(story.start),
      total_(story.end - story.start),
      ascii_(terminal.ascii),
      offsets_(total_, terminal.ascii),
      offset_width_(display_width(offsets_(total_))),
      deepest_shown_(std::min(terminal.width, kWidestPicture) / kColumnsPerDepthShown) {
  const std::size_t width = std::min(terminal.width, kWidestPicture);
  bar_width_ = total_ > 0 ? bar_width_for(width) : 0;
  bar_column_ = width - bar_width_;
  for (const Hop& hop : story.hops) {
    const std::string duration = format_duration(hop.end - hop.start, ascii_);
    duration_width_ = std::max(duration_width_, display_width(duration));
  }
}

std::string StoryLayout::bar(const Hop& hop) const {
  if (bar_width_ == 0) return {};
  const StoryGlyphs& glyphs = story_glyphs(ascii_);
  const double cells = static_cast<double>(bar_width_) / static_cast<double>(total_);
  const auto cell = [&](Nanoseconds time) {
    return static_cast<std::size_t>(static_cast<double>(time - start_) * cells);
  };
  const std::size_t first = std::min(cell(hop.start), bar_width_ - 1);
  const std::size_t end = std::clamp(cell(hop.end), first + 1, bar_width_);
  std::string text(first, ' ');
  if (hop.start == hop.end) return text.append(glyphs.instant);
  for (std::size_t i = first; i < end; ++i) text.append(glyphs.bar);
  return text;
}

}  // namespace waybill::cli
