// Copying text through an escape: what is plain sixteen characters at a time, the rest one by one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace waybill::internal {

// How far a text has been read and its escaped form been written.
struct EscapedPart {
  const char* read;
  char* written;
};

inline constexpr std::size_t kEscapeBlock = 16;
// The longest that one character may become, and so what must be free for one step.
inline constexpr std::size_t kLongestEscape = 8;
inline constexpr std::size_t kEscapeRoom = kEscapeBlock + kLongestEscape;

// Plain is what is printable ASCII and none of Special.
template <char... Special>
constexpr bool is_plain(char c) noexcept {
  return c >= 0x20 && c < 0x7f && (... && (c != Special));
}

#ifdef __SSE2__

// The `size` characters at `p`, 1 to 16 of them; reads no others.
inline __m128i load_block(const char* p, std::size_t size) noexcept {
  const auto load = []<class T>(T, const char* from) {
    T value;
    std::memcpy(&value, from, sizeof value);
    return std::uint64_t{value};
  };
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (size == kEscapeBlock) return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  if (size > 8) {
    low = load(std::uint64_t{}, p);
    high = load(std::uint64_t{}, p + size - 8) >> (8 * (kEscapeBlock - size));
  } else if (size >= 4) {
    low = load(std::uint32_t{}, p) | load(std::uint32_t{}, p + size - 4) << (8 * (size - 4));
  } else {
    low = load(std::uint8_t{}, p) | load(std::uint8_t{}, p + size / 2) << (8 * (size / 2)) |
          load(std::uint8_t{}, p + size - 1) << (8 * (size - 1));
  }
  return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

// A bit for each character that is not plain.
template <char... Special>
unsigned special_bits(__m128i block) noexcept {
  // Bytes from 0x80 on are negative, and so below a blank.
  __m128i special = _mm_cmplt_epi8(block, _mm_set1_epi8(0x20));
  special = _mm_or_si128(special, _mm_cmpeq_epi8(block, _mm_set1_epi8(0x7f)));
  ((special = _mm_or_si128(special, _mm_cmpeq_epi8(block, _mm_set1_epi8(Special)))), ...);
  return static_cast<unsigned>(_mm_movemask_epi8(special));
}

// How many of the first `size` characters, at most 16, are plain up to the first that is not; they
// stand at `to` then, where a whole block is written.
template <char... Special>
std::size_t copy_plain(const char* from, std::size_t size, char* to) noexcept {
  if (size == 0) return 0;
  if (size > kEscapeBlock) size = kEscapeBlock;
  const __m128i block = load_block(from, size);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), block);
  const unsigned special = special_bits<Special...>(block) | 1U << size;
  return static_cast<std::size_t>(__builtin_ctz(special));
}

#else

template <char... Special>
std::size_t copy_plain(const char* from, std::size_t size, char* to) noexcept {
  if (size > kEscapeBlock) size = kEscapeBlock;
  std::size_t plain = 0;
  for (; plain < size && is_plain<Special...>(from[plain]); ++plain) to[plain] = from[plain];
  return plain;
}

#endif

// Whether all of a text is plain.
template <char... Special>
bool all_plain(const char* p, const char* end) noexcept {
#ifdef __SSE2__
  for (; static_cast<std::size_t>(end - p) > kEscapeBlock; p += kEscapeBlock) {
    if (special_bits<Special...>(load_block(p, kEscapeBlock)) != 0) return false;
  }
  if (p == end) return true;
  const auto size = static_cast<std::size_t>(end - p);
  return (special_bits<Special...>(load_block(p, size)) & ((1U << size) - 1)) == 0;
#else
  for (; p != end; ++p) {
    if (!is_plain<Special...>(*p)) return false;
  }
  return true;
#endif
}

// Copies [p, end) to `out` until the text is at its end or less than kEscapeRoom is free before
// `limit`. escape(p, end, out) is called for what is not plain: it reads one or more characters,
// writes at most kLongestEscape, and says how far it has come.
template <char... Special, class Escape>
EscapedPart escape_blocks(const char* p, const char* end, char* out, const char* limit,
                          Escape escape) noexcept {
  while (p != end && limit - out >= static_cast<std::ptrdiff_t>(kEscapeRoom)) {
    const std::size_t plain = copy_plain<Special...>(p, static_cast<std::size_t>(end - p), out);
    p += plain;
    out += plain;
    if (plain == kEscapeBlock || p == end) continue;
    const EscapedPart next = escape(p, end, out);
    p = next.read;
    out = next.written;
  }
  return {p, out};
}

}  // namespace waybill::internal
