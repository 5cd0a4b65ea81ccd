#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <waybill/propagation/baggage.h>
#include <waybill/propagation/internal/baggage_check.h>
#include <waybill/propagation/internal/baggage_text.h>
#ifdef __SSSE3__
#include <tmmintrin.h>
#endif

namespace waybill::internal {

bool is_plain_baggage_bytewise(std::string_view header) noexcept {
  if (header.empty() || header.size() > Baggage::kMaxSize) return false;
  const char* p = header.data();
  const char* const end = p + header.size();
  std::size_t members = 1;
  for (bool in_member = true;; ++p) {  // each turn reads a key and a value, of a member or property
    const char* const key = p;
    while (p != end && kTokenCharacters.contains(*p)) ++p;
    if (p == key) return false;
    if (p != end && *p == '=') {
      while (p != end && kBaggageOctets.contains(*p)) ++p;
    } else if (in_member) {
      return false;
    }
    if (p == end) break;
    if (*p != ',' && *p != ';') return false;
    in_member = *p == ',';
    members += in_member;
  }
  return members <= Baggage::kMaxMembers && has_whole_escapes(header);
}

#ifdef __SSSE3__

namespace {

constexpr std::size_t kChunk = 16;
constexpr std::size_t kBlock = 64;  // a bit each

// A set of ASCII characters, for a look at sixteen at once: by the low half of the character, in
// which of the eight rows of sixteen it is a member.
using Columns = std::array<std::uint8_t, 16>;

constexpr Columns columns_of(const CharSet& set) {
  Columns columns{};
  for (unsigned c = 0; c < 0x80; ++c) {
    if (set.contains(static_cast<char>(c))) {
      columns[c & 15] = static_cast<std::uint8_t>(columns[c & 15] | 1u << (c >> 4));
    }
  }
  return columns;
}

alignas(16) constexpr Columns kTokenColumns = columns_of(kTokenCharacters);
alignas(16) constexpr Columns kValidColumns = columns_of(kBaggageOctets | CharSet(",;"));

// Which of the characters are what, one bit a character.
struct Classes {
  std::uint64_t invalid = 0;
  std::uint64_t token = 0;
  std::uint64_t equals = 0;
  std::uint64_t comma = 0;
  std::uint64_t semicolon = 0;
  std::uint64_t percent = 0;
};

inline __m128i load(const void* p) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}

inline std::uint64_t bits(__m128i matches) noexcept {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(matches));
}

inline std::uint64_t where(__m128i text, char c) noexcept {
  return bits(_mm_cmpeq_epi8(text, _mm_set1_epi8(c)));
}

// Characters above ASCII have no column, and so are members of nothing.
inline std::uint64_t where_not(__m128i text, __m128i rows, const Columns& set) noexcept {
  const __m128i member = _mm_and_si128(_mm_shuffle_epi8(load(set.data()), text), rows);
  return bits(_mm_cmpeq_epi8(member, _mm_setzero_si128()));
}

// Adds the characters of a chunk but for the first `skipped`, at the place `at`.
inline void classify(const char* chunk, unsigned skipped, std::size_t at,
                     Classes& classes) noexcept {
  const __m128i text = load(chunk);
  const __m128i row_bits =
      _mm_setr_epi8(1, 2, 4, 8, 16, 32, 64, static_cast<char>(0x80), 0, 0, 0, 0, 0, 0, 0, 0);
  const __m128i high = _mm_and_si128(_mm_srli_epi16(text, 4), _mm_set1_epi8(15));
  const __m128i rows = _mm_shuffle_epi8(row_bits, high);
  const auto place = [skipped, at](std::uint64_t found) { return found >> skipped << at; };
  classes.invalid |= place(where_not(text, rows, kValidColumns));
  classes.token |= place(where_not(text, rows, kTokenColumns) ^ 0xffff);
  classes.equals |= place(where(text, '='));
  classes.comma |= place(where(text, ','));
  classes.semicolon |= place(where(text, ';'));
  classes.percent |= place(where(text, '%'));
}

// The `size` characters from `begin`, of a header that has a chunk at least.
inline Classes classify_block(std::string_view header, std::size_t begin,
                              std::size_t size) noexcept {
  Classes classes;
  const char* const block = header.data() + begin;
  std::size_t at = 0;
  for (; at + kChunk <= size; at += kChunk) classify(block + at, 0, at, classes);
  if (at != size) {  // the last ones of the header, some of them once more
    const auto skipped = static_cast<unsigned>(kChunk - (size - at));
    classify(block + size - kChunk, skipped, at, classes);
  }
  return classes;
}

// Finds where keys end, block by block.
class KeyEnds {
 public:
  // Adding a bit to the first one of a run moves it to the place behind the last one.
  std::uint64_t find(std::uint64_t begins, std::uint64_t token) noexcept {
    const std::uint64_t sum = (begins | open_) + token;
    open_ = sum < token ? 1 : 0;
    return sum & ~token;
  }
  // Whether a key goes on in the next block.
  bool open() const noexcept { return open_ != 0; }

 private:
  std::uint64_t open_ = 0;
};

bool are_whole_escapes(std::string_view header, std::size_t begin, std::uint64_t percent) noexcept {
  for (; percent != 0; percent &= percent - 1) {
    const std::size_t at = begin + static_cast<std::size_t>(std::countr_zero(percent));
    if (!has_whole_escapes(header.substr(at, 3))) return false;
  }
  return true;
}

}  // namespace

// Every character is valid somewhere, and a value may hold all but the separators. So what is left
// to see is that keys are not empty, and end where a value begins or, of properties, with the text
// or at a separator.
bool is_plain_baggage(std::string_view header) noexcept {
  if (header.size() < kChunk) return is_plain_baggage_bytewise(header);
  if (header.size() > Baggage::kMaxSize) return false;
  KeyEnds members;
  KeyEnds properties;
  std::uint64_t member_begins = 1;
  std::uint64_t property_begins = 0;
  int commas = 0;
  for (std::size_t begin = 0; begin < header.size(); begin += kBlock) {
    const std::size_t size = header.size() - begin < kBlock ? header.size() - begin : kBlock;
    const Classes is = classify_block(header, begin, size);
    const std::uint64_t text_end = size < kBlock ? std::uint64_t{1} << size : 0;
    member_begins |= is.comma << 1;
    property_begins |= is.semicolon << 1;
    const std::uint64_t member_ends = members.find(member_begins, is.token);
    const std::uint64_t property_ends = properties.find(property_begins, is.token);
    const std::uint64_t wrong = is.invalid | ((member_begins | property_begins) & ~is.token) |
                                (member_ends & ~is.equals) |
                                (property_ends & ~(is.equals | is.semicolon | is.comma | text_end));
    if (wrong != 0 || !are_whole_escapes(header, begin, is.percent)) return false;
    commas += std::popcount(is.comma);
    member_begins = is.comma >> (kBlock - 1);
    property_begins = is.semicolon >> (kBlock - 1);
  }
  const bool complete = !members.open() && (member_begins | property_begins) == 0;
  return complete && static_cast<std::size_t>(commas) < Baggage::kMaxMembers;
}

#else

bool is_plain_baggage(std::string_view header) noexcept {
  return is_plain_baggage_bytewise(header);
}

#endif

}  // namespace waybill::internal
