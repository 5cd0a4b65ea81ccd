// Texts as they may stand in a message of protobuf: as UTF-8. Nearly all are ASCII, which is seen
// sixteen characters at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace waybill::internal {

#ifdef __SSE2__

// Whether no byte of a text has its highest bit.
inline bool is_ascii(std::string_view text) noexcept {
  const char* p = text.data();
  const std::size_t size = text.size();
  const auto load = []<class Word>(Word, const char* from) {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return std::uint64_t{word};
  };
  if (size >= 16) {
    const auto block = [](const char* from) {
      return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    };
    const char* const last = p + size - 16;
    __m128i all = block(last);
    for (; p < last; p += 16) all = _mm_or_si128(all, block(p));
    return _mm_movemask_epi8(all) == 0;
  }
  std::uint64_t all = 0;
  if (size >= 8) {
    all = load(std::uint64_t{}, p) | load(std::uint64_t{}, p + size - 8);
  } else if (size >= 4) {
    all = load(std::uint32_t{}, p) | load(std::uint32_t{}, p + size - 4);
  } else if (size != 0) {
    all = load(std::uint8_t{}, p) | load(std::uint8_t{}, p + size / 2) |
          load(std::uint8_t{}, p + size - 1);
  }
  return (all & 0x8080808080808080U) == 0;
}

#else

inline bool is_ascii(std::string_view text) noexcept {
  unsigned all = 0;
  for (const char c : text) all |= static_cast<unsigned char>(c);
  return all < 0x80;
}

#endif

std::string_view mended_text(std::string_view text, std::string& mended);

// The text, or, where it is not UTF-8, what to_utf8() makes of it, in `mended`. Throws
// std::bad_alloc.
inline std::string_view valid_text(std::string_view text, std::string& mended) {
  return is_ascii(text) ? text : mended_text(text, mended);
}

}  // namespace waybill::internal
