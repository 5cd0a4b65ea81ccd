#include <waybill/log/internal/key_index.h>

namespace waybill::internal {

void KeyIndex::set(std::string_view key, int number) {
  for (Entry& entry : entries_) {
    if (entry.key == key) {
      entry.number = number;
      return;
    }
  }
  entries_.push_back({std::string(key), number});

  // At least three of four slots stay free: most keys that are not there meet an empty one at once.
  std::size_t size = slots_.size();
  while (size < 4 * entries_.size()) size *= 2;
  slots_.assign(size, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = hash(entries_[i].key) & (size - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (size - 1);
    slots_[slot] = static_cast<std::uint16_t>(i + 1);
  }
}

}  // namespace waybill::internal
