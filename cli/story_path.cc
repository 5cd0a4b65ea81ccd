#include <algorithm>

#include <cli/story_path.h>

namespace waybill::cli {

namespace {

bool holds(const std::vector<RecordField>& fields, const RecordField& field) noexcept {
  return std::ranges::any_of(fields, [&](const RecordField& known) {
    return known.key == field.key && known.text == field.text;
  });
}

}  // namespace

const StoryItem* StoryPath::next() {
  while (!levels_.back().has_more()) {
    if (levels_.size() == 1) return nullptr;
    levels_.pop_back();
  }
  Level& level = levels_.back();
  return &(*level.items)[level.next++];
}

bool StoryPath::is_known(const RecordField& field) const noexcept {
  const std::size_t searched = std::min(depth(), kSearched);
  for (std::size_t i = 0; i < searched; ++i) {
    if (holds(levels_[depth() - i].hop->common, field)) return true;
  }
  return holds(story_.common, field);
}

}  // namespace waybill::cli
