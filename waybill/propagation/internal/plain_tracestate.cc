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
  std::uint64_t key = 0;        // a-z 0-9 _ -
  std::uint64_t printable = 0;  // 0x20 to 0x7e
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
  const __m128i marks = _mm_or_si128(is(text, '_'), is(text, '-'));
  classes.key |= bits(_mm_or_si128(alphanumeric, marks), at);
  classes.printable |= bits(in_range(text, 0x20, 0x7e), at);
  classes.equals |= bits(is(text, '='), at);
  classes.comma |= bits(is(text, ','), at);
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
// and that no key is there twice. The members begin, have their '=' and end at these places.
bool are_proper_members(std::string_view header, Places begins, Places equals,
                        Places ends) noexcept {
  while (!begins.empty()) {
    const std::size_t begin = begins.first();
    if (header[begin] == '_' || header[begin] == '-' || header[ends.first() - 1] == ' ')
      return false;
    const std::string_view key = header.substr(begin, equals.first() - begin);
    begins.pop();
    equals.pop();
    ends.pop();
    for (Places others = begins, others_equals = equals; !others.empty(); others.pop()) {
      const std::size_t other = others.first();
      const bool same_size = others_equals.first() - other == key.size();
      if (same_size && header.substr(other, key.size()) == key) return false;
      others_equals.pop();
    }
  }
  return true;
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
  const std::uint64_t wrong = (keys & ~classes.key) |
                              (values & ~(classes.printable & ~separators)) | (key_begins & ~keys) |
                              (value_begins & ~values);
  return complete && wrong == 0 &&
         are_proper_members(header, Places(key_begins), Places(classes.equals), Places(value_ends));
}

#else

bool is_plain_tracestate(std::string_view) noexcept {
  return false;
}

#endif

}  // namespace waybill::internal
