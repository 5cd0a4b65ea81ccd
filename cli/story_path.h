// StoryPath: where in a story's tree one is, from the top down to the open hop.
#pragma once

#include <cstddef>
#include <vector>

#include <cli/story.h>

namespace waybill::cli {

class StoryPath {
 public:
  explicit StoryPath(const Story& story) : story_(story) { levels_.push_back({&story.top}); }

  // The items of the top, or of an open hop, and how far they have been told.
  struct Level {
    const std::vector<StoryItem>* items;
    const Hop* hop = nullptr;  // null for the top
    std::size_t next = 0;

    bool has_more() const noexcept { return next < items->size(); }
  };

  // The next item of the innermost level that has one; levels that are told are closed. Null at the
  // end.
  const StoryItem* next();

  // From now on, next() gives the hop's items.
  void open(const Hop& hop) { levels_.push_back({&hop.items, &hop}); }

  // How many hops are open; level(i) for 1 <= i <= depth() is one of them, outermost first.
  std::size_t depth() const noexcept { return levels_.size() - 1; }
  const Level& level(std::size_t i) const noexcept { return levels_[i]; }
  const Level& innermost() const noexcept { return levels_.back(); }

  // Whether an open hop, or the story, has this field among those that its records have in common:
  // then it has been shown, and a record need not repeat it. Looks at the nearest kSearched hops.
  bool is_known(const RecordField& field) const noexcept;

 private:
  static constexpr std::size_t kSearched = 16;

  const Story& story_;
  std::vector<Level> levels_;
};

}  // namespace waybill::cli
