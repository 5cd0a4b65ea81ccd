// Where things stand in the picture of one story, and with which characters it is drawn.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <cli/story.h>
#include <cli/terminal.h>
#include <cli/timestamp.h>

namespace waybill::cli {

struct StoryGlyphs {
  std::string_view trunk;        // beside a hop's records
  std::string_view branch;       // to a hop that others follow
  std::string_view last_branch;  // to the last one
  std::string_view gap;          // where a trunk has ended
  std::string_view bar;          // a hop's time in the trace
  std::string_view instant;      // a hop of no length
  std::string_view ellipsis;
  std::string_view dot;  // between the numbers of the head
};

const StoryGlyphs& story_glyphs(bool ascii) noexcept;

class StoryLayout {
 public:
  StoryLayout(const Story& story, const Terminal& terminal);

  // "+15.2 ms", for a time in the trace.
  std::string offset(Nanoseconds time) const { return offsets_(time - start_); }

  // Columns, counted from 0. The offset ends before level_column(), the tree begins at
  // tree_column(), a hop's duration ends before bar_column().
  std::size_t offset_width() const noexcept { return offset_width_; }
  std::size_t level_column() const noexcept { return offset_width_ + 2; }
  std::size_t tree_column() const noexcept { return level_column() + 7; }
  std::size_t bar_column() const noexcept { return bar_column_; }
  std::size_t bar_width() const noexcept { return bar_width_; }
  // Deeper hops are drawn as if at this depth, so that a long chain neither leaves the screen nor
  // costs its length again on every line.
  std::size_t deepest_shown() const noexcept { return deepest_shown_; }
  // Of the widest duration of a hop.
  std::size_t duration_width() const noexcept { return duration_width_; }

  // A hop's bar from the start of the bar column, spaces included; empty where there is no room.
  std::string bar(const Hop& hop) const;

 private:
  Nanoseconds start_;
  Nanoseconds total_;
  bool ascii_;
  OffsetFormat offsets_;
  std::size_t offset_width_;
  std::size_t deepest_shown_;
  std::size_t duration_width_ = 0;
  std::size_t bar_width_;
  std::size_t bar_column_;
};

}  // namespace waybill::cli
