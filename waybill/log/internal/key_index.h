// KeyIndex: numbers by key, for a few keys that are known early and asked for often.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::internal {

class KeyIndex {
 public:
  static constexpr int kNone = -1;

  KeyIndex() : slots_(kFewestSlots, 0) {}

  // A key that is there already gets the new number.
  void set(std::string_view key, int number);

  // kNone where the key is not there. Thread-safe as long as nobody calls set().
  int find(std::string_view key) const noexcept {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t slot = hash(key) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
      const Entry& entry = entries_[slots_[slot] - 1U];
      if (entry.key == key) return entry.number;
    }
    return kNone;
  }

 private:
  struct Entry {
    std::string key;
    int number;
  };
  static constexpr std::size_t kFewestSlots = 64;

  // Its size and the characters in which keys differ most often.
  static std::size_t hash(std::string_view key) noexcept {
    if (key.empty()) return 0;
    const auto at = [key](std::size_t i) { return static_cast<std::uint8_t>(key[i]); };
    return key.size() * 7 + at(0) * 29U + at(key.size() - 1) * 31U + at(key.size() / 2) * 37U;
  }

  std::vector<Entry> entries_;
  std::vector<std::uint16_t> slots_;  // positions in entries_, counted from 1; a power of two
};

}  // namespace waybill::internal
