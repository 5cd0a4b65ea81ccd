#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <waybill/propagation/internal/plain_tracestate.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace waybill::internal {

#ifdef __SSE2__

namespace {

constexpr std::size_t kBlock = 16;
constexpr std::size_t kMostCharacters = 63;  // a bit each, and one for the end

// Which of the characters are what, one bit a character.
struct Classes {
  std::uint64_t alphanumeric = 0;  // a-z 0-9
  std::uint64_t key = 0;           // these, and _ -
  std::uint64_t value = 0;         // 0x20 to 0x7e but ',' and '='
  std::uint64_t space = 0;
  std::uint64_t equals = 0;
  std::uint64_t comma = 0;
};

inline __m128i is(__m128i text, char c) noexcept {
  return _mm_cmpeq_epi8(text, _mm_set1_epi8(c));
}

inline __m128i in_range(__m128i text, char first, char last) noexcept {
  const __m128i offset = _mm_sub_epi8(text, _mm_set1_epi8(first));
  const __m128i width = _mm_set1_epi8(static_cast<char>(last - first));
  return _mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset);
}

inline std::uint64_t bits(__m128i matches, std::size_t at) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(matches))} << at;
}

inline void classify(const char* block, std::size_t at, Classes& classes) noexcept {
  const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block));
  const __m128i alphanumeric = _mm_or_si128(in_range(text, 'a', 'z'), in_range(text, '0', '9'));
  const __m128i key = _mm_or_si128(alphanumeric, _mm_or_si128(is(text, '_'), is(text, '-')));
  const __m128i equals = is(text, '=');
  const __m128i comma = is(text, ',');
  const __m128i value = _mm_andnot_si128(_mm_or_si128(equals, comma), in_range(text, 0x20, 0x7e));
  classes.alphanumeric |= bits(alphanumeric, at);
  classes.key |= bits(key, at);
  classes.value |= bits(value, at);
  classes.space |= bits(is(text, ' '), at);
  classes.equals |= bits(equals, at);
  classes.comma |= bits(comma, at);
}

Classes classify(std::string_view header) noexcept {
  Classes classes;
  if (header.size() < kBlock) {  // zeros behind the end belong to no class
    char padded[kBlock] = {};
    std::memcpy(padded, header.data(), header.size());
    classify(padded, 0, classes);
    return classes;
  }
  std::size_t at = 0;
  for (; at + kBlock <= header.size(); at += kBlock) classify(header.data() + at, at, classes);
  at = header.size() - kBlock;  // the last ones, some of them once more
  classify(header.data() + at, at, classes);
  return classes;
}

// Whether two of the members, which begin and end where the bits say, have the same key.
bool repeats_a_key(std::string_view header, std::uint64_t begins, std::uint64_t equals) noexcept {
  for (; (begins & (begins - 1)) != 0; begins &= begins - 1, equals &= equals - 1) {
    const int begin = std::countr_zero(begins);
    const std::string_view key =
        header.substr(static_cast<std::size_t>(begin),
                      static_cast<std::size_t>(std::countr_zero(equals) - begin));
    std::uint64_t other_begins = begins & (begins - 1);
    std::uint64_t other_equals = equals & (equals - 1);
    for (; other_begins != 0; other_begins &= other_begins - 1, other_equals &= other_equals - 1) {
      const auto other = static_cast<std::size_t>(std::countr_zero(other_begins));
      const auto end = static_cast<std::size_t>(std::countr_zero(other_equals));
      if (end - other == key.size() && header.substr(other, key.size()) == key) return true;
    }
  }
  return false;
}

}  // namespace

// All members at once. A subtraction of bits, "one behind the last" less "first", leaves the bits
// of the whole run between them set, of each run, as long as firsts and lasts take turns; where
// they do not, the runs have characters in them that they must not have, or leave some out.
bool is_plain_tracestate(std::string_view header) noexcept {
  if (header.empty() || header.size() > kMostCharacters) return false;
  const Classes classes = classify(header);
  const std::uint64_t end = std::uint64_t{1} << header.size();
  const std::uint64_t key_begins = classes.comma << 1 | 1;
  const std::uint64_t value_begins = classes.equals << 1;
  const std::uint64_t value_ends = classes.comma | end;
  const std::uint64_t keys = classes.equals - key_begins;
  const std::uint64_t values = value_ends - value_begins;

  const bool complete = (keys | values | classes.equals | classes.comma) == end - 1;
  const std::uint64_t wrong = (keys & ~classes.key) | (values & ~classes.value) |
                              (key_begins & ~(keys & classes.alphanumeric)) |
                              (value_begins & ~values) | (classes.space & value_ends >> 1);
  return complete && wrong == 0 && !repeats_a_key(header, key_begins, classes.equals);
}

#else

bool is_plain_tracestate(std::string_view) noexcept {
  return false;
}

#endif

}  // namespace waybill::internal
