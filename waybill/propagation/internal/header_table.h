// The names that a propagator looks for, made once with the propagator.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>

namespace waybill::internal {

class HeaderTable {
 public:
  static constexpr std::size_t kMaxNameSize = 63;

  class Entry {
   public:
    Entry(std::string_view name, std::size_t header);

    const std::string& name() const noexcept { return name_; }
    std::size_t header() const noexcept { return header_; }

    // Whether `other`, of the same size, is the same name but for the case of letters.
    bool is_named(const char* other) const noexcept {
      if (size_ < kWord) return is_named_by_characters(other);
      if (!first_.is(other) || !last_.is(other + size_ - kWord)) return false;
      return size_ <= 2 * kWord || is_named_by_characters(other);
    }

   private:
    friend class HeaderTable;

    static constexpr std::size_t kWord = sizeof(std::uint64_t);

    // Eight characters. A letter with the bit 0x20 set is in lower case, and nothing but that
    // letter, in either case, becomes it.
    struct Word {
      bool is(const char* other) const noexcept {
        std::uint64_t characters;
        std::memcpy(&characters, other, kWord);
        return (characters | case_bits) == lower;
      }
      std::uint64_t lower = 0;
      std::uint64_t case_bits = 0;
    };

    Word word_at(std::size_t at) const noexcept;
    bool is_named_by_characters(const char* other) const noexcept;

    Word first_;
    Word last_;
    std::array<char, kMaxNameSize + 1> lower_{};
    std::array<char, kMaxNameSize + 1> case_bits_{};
    std::size_t size_;
    std::size_t header_;           // its number, for whoever asks the lookup
    const Entry* next_ = nullptr;  // of the same size
    std::string name_;
  };

  HeaderTable() = default;
  HeaderTable(const HeaderTable&) = delete;
  HeaderTable& operator=(const HeaderTable&) = delete;

  // Names are of 1 to kMaxNameSize characters, numbers below HeaderLookup::kMaxHeaders.
  void add(std::string_view name, std::size_t header);
  // All names that begin so, too. One prefix alone.
  void set_prefix(std::string_view prefix) { prefix_ = prefix; }

  // In the order in which they were added.
  const std::deque<Entry>& entries() const noexcept { return entries_; }
  std::string_view prefix() const noexcept { return prefix_; }

  // Bit n: a name of n characters; bit c & 31: one whose first letter is c.
  std::uint64_t sizes() const noexcept { return sizes_; }
  std::uint64_t letters() const noexcept { return letters_; }

  // The entry with that name in whatever case, or null. The name is at most kMaxNameSize long.
  const Entry* find(std::string_view name) const noexcept {
    const Entry* entry = first_of_size_[name.size()];
    while (entry != nullptr && !entry->is_named(name.data())) entry = entry->next_;
    return entry;
  }

 private:
  std::deque<Entry> entries_;  // which stay where they are
  std::array<const Entry*, kMaxNameSize + 1> first_of_size_{};
  std::string prefix_;
  std::uint64_t sizes_ = 0;
  std::uint64_t letters_ = 0;
};

}  // namespace waybill::internal
