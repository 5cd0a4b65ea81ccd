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
  std::uint64_t key = 0;  // a-z 0-9 _ -
  std::uint64_t equals = 0;
  std::uint64_t comma = 0;
  __m128i printable = _mm_set1_epi8(-1);  // 0x20 to 0x7e: all ones where all are
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
  const __m128i marks = _mm_or_si128(is(text, '_'), is(text, '-'));
  classes.key |= bits(_mm_or_si128(alphanumeric, marks), at);
  classes.printable = _mm_and_si128(classes.printable, in_range(text, 0x20, 0x7e));
  classes.equals |= bits(is(text, '='), at);
  classes.comma |= bits(is(text, ','), at);
}

Classes classify(std::string_view header) noexcept {
  Classes classes;
  if (header.size() < kBlock) {  // spaces behind the end belong to no class
    char padded[kBlock];
    std::memset(padded, ' ', kBlock);
    std::memcpy(padded, header.data(), header.size());
    classify(padded, 0, classes);
    return classes;
  }
  classify(header.data(), 0, classes);
  if (header.size() > 2 * kBlock) classify(header.data() + kBlock, kBlock, classes);
  if (header.size() > 3 * kBlock) classify(header.data() + 2 * kBlock, 2 * kBlock, classes);
  const std::size_t last = header.size() - kBlock;  // some of them once more
  classify(header.data() + last, last, classes);
  return classes;
}

// A set of places, to be visited from the first to the last.
class Places {
 public:
  explicit Places(std::uint64_t bits) noexcept : bits_(bits) {}
  bool empty() const noexcept { return bits_ == 0; }
  std::size_t first() const noexcept { return static_cast<std::size_t>(std::countr_zero(bits_)); }
  void pop() noexcept { bits_ &= bits_ - 1; }

 private:
  std::uint64_t bits_;
};

// What the classes do not tell: that no key begins with a mark, that no value ends with a space,
// and that no key is there twice. The members begin, have their '=', and end at these places.
bool are_proper_members(const char* header, Places begins, Places equals, Places ends) noexcept {
  for (;;) {
    const std::size_t begin = begins.first();
    const std::size_t size = equals.first() - begin;
    const bool begins_with_mark = header[begin] == '_' || header[begin] == '-';
    if (begins_with_mark || header[ends.first() - 1] == ' ') return false;
    begins.pop();
    if (begins.empty()) return true;
    equals.pop();
    ends.pop();
    Places others_equals = equals;
    for (Places others = begins; !others.empty(); others.pop(), others_equals.pop()) {
      const std::size_t other = others.first();
      if (others_equals.first() - other != size) continue;
      if (std::memcmp(header + other, header + begin, size) == 0) return false;
    }
  }
}

}  // namespace

// All members at once. A subtraction of bits, "one behind the last" less "first", leaves the bits
// of the whole run between them set, of each run, as long as firsts and lasts take turns; where
// they do not, the runs have characters in them that they must not have, or leave some out.
bool is_plain_tracestate(std::string_view header) noexcept {
  if (header.empty() || header.size() > kMostCharacters) return false;
  const Classes classes = classify(header);
  const std::uint64_t end = std::uint64_t{1} << header.size();
  const std::uint64_t separators = classes.equals | classes.comma;
  const std::uint64_t key_begins = classes.comma << 1 | 1;
  const std::uint64_t value_begins = classes.equals << 1;
  const std::uint64_t value_ends = classes.comma | end;
  const std::uint64_t keys = classes.equals - key_begins;
  const std::uint64_t values = value_ends - value_begins;

  const bool complete = (keys | values | separators) == end - 1;
  const std::uint64_t wrong = (keys & ~classes.key) | (values & separators) | (key_begins & ~keys) |
                              (value_begins & ~values);
  return complete && wrong == 0 && _mm_movemask_epi8(classes.printable) == 0xffff &&
         are_proper_members(header.data(), Places(key_begins), Places(classes.equals),
                            Places(value_ends));
}

#else

bool is_plain_tracestate(std::string_view) noexcept {
  return false;
}

#endif

}  // namespace waybill::internal
