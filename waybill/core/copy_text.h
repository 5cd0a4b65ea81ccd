// Copies a short text in place: keys and short values are most of what records are made of, and for
// them a call would cost more than the copy.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace waybill::detail {

[[gnu::always_inline]] inline void copy_text(char* out, std::string_view text) noexcept {
  struct Block {
    std::uint64_t words[2];
  };
  const char* in = text.data();
  const std::size_t size = text.size();
  const auto ends = [&]<class Word>(Word) {
    Word first;
    Word last;
    std::memcpy(&first, in, sizeof first);
    std::memcpy(&last, in + size - sizeof last, sizeof last);
    std::memcpy(out, &first, sizeof first);
    std::memcpy(out + size - sizeof last, &last, sizeof last);
  };
  if (size > 32) {
    std::memcpy(out, in, size);
  } else if (size >= 16) {
    ends(Block{});
  } else if (size >= 8) {
    ends(std::uint64_t{});
  } else if (size >= 4) {
    ends(std::uint32_t{});
  } else if (size >= 2) {
    ends(std::uint16_t{});
  } else if (size == 1) {
    *out = *in;
  }
}

}  // namespace waybill::detail
