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

constexpr std::size_t kMostCharacters = 64;
constexpr std::size_t kMostMembers = 4;

// What each of up to 64 characters can be, one bit a character.
struct Classes {
  std::uint64_t key = 0;    // a-z 0-9 _ -
  std::uint64_t value = 0;  // 0x20 to 0x7e but ',' and '='
  std::uint64_t equals = 0;
  std::uint64_t comma = 0;
};

__m128i is(__m128i text, char c) noexcept {
  return _mm_cmpeq_epi8(text, _mm_set1_epi8(c));
}

__m128i in_range(__m128i text, char first, char last) noexcept {
  const __m128i offset = _mm_sub_epi8(text, _mm_set1_epi8(first));
  const __m128i width = _mm_set1_epi8(static_cast<char>(last - first));
  return _mm_cmpeq_epi8(_mm_min_epu8(offset, width), offset);
}

std::uint64_t bits(__m128i matches, std::size_t at) noexcept {
  return std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(matches))} << at;
}

void classify(__m128i text, std::size_t at, Classes& classes) noexcept {
  const __m128i alphanumeric = _mm_or_si128(in_range(text, 'a', 'z'), in_range(text, '0', '9'));
  const __m128i marks = _mm_or_si128(is(text, '_'), is(text, '-'));
  const __m128i equals = is(text, '=');
  const __m128i comma = is(text, ',');
  classes.key |= bits(_mm_or_si128(alphanumeric, marks), at);
  classes.value |=
      bits(_mm_andnot_si128(_mm_or_si128(equals, comma), in_range(text, 0x20, 0x7e)), at);
  classes.equals |= bits(equals, at);
  classes.comma |= bits(comma, at);
}

Classes classify(std::string_view header) noexcept {
  Classes classes;
  std::size_t at = 0;
  for (; at + 16 <= header.size(); at += 16) {
    classify(_mm_loadu_si128(reinterpret_cast<const __m128i*>(header.data() + at)), at, classes);
  }
  if (at < header.size()) {  // zeros behind the end belong to no class
    alignas(16) char rest[16] = {};
    std::memcpy(rest, header.data() + at, header.size() - at);
    classify(_mm_load_si128(reinterpret_cast<const __m128i*>(rest)), at, classes);
  }
  return classes;
}

// The bits from `first` up to, not including, `last`; both below 64, `last` not below `first`.
std::uint64_t between(std::size_t first, std::size_t last) noexcept {
  return (std::uint64_t{1} << last) - (std::uint64_t{1} << first);
}

}  // namespace

bool is_plain_tracestate(std::string_view header) noexcept {
  // One less than 64, so that a bit stands for the end.
  if (header.empty() || header.size() >= kMostCharacters) return false;
  const Classes classes = classify(header);
  const std::uint64_t ends = classes.comma | std::uint64_t{1} << header.size();

  std::string_view keys[kMostMembers];
  std::size_t members = 0;
  for (std::size_t begin = 0; begin <= header.size();) {
    const auto end = static_cast<std::size_t>(std::countr_zero(ends >> begin)) + begin;
    const std::uint64_t equals = classes.equals & between(begin, end);
    const bool one_equals = equals != 0 && (equals & (equals - 1)) == 0;
    if (members == kMostMembers || !one_equals) return false;
    const auto at = static_cast<std::size_t>(std::countr_zero(equals));
    const std::uint64_t key = between(begin, at);
    const std::uint64_t value = between(at + 1, end);
    const bool empty = key == 0 || value == 0;
    const std::uint64_t wrong = (key & ~classes.key) | (value & ~classes.value);
    if (empty || wrong != 0 || header[begin] == '_' || header[begin] == '-' ||
        header[at + 1] == ' ' || header[end - 1] == ' ') {
      return false;
    }

    keys[members] = header.substr(begin, at - begin);
    for (std::size_t i = 0; i < members; ++i) {
      if (keys[i] == keys[members]) return false;
    }
    ++members;
    begin = end + 1;
  }
  return true;
}

#else

bool is_plain_tracestate(std::string_view) noexcept {
  return false;
}

#endif

}  // namespace waybill::internal
