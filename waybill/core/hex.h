// Hexadecimal text and bytes, as W3C Trace Context spells ids: lowercase, two digits a byte.
//
// Sixteen bytes at a time with SSE2, which every x86-64 has, in fewer steps where the compiler may
// use SSE4.1 (-march=x86-64-v2); a portable loop elsewhere. All functions are pure and thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#ifdef __SSE2__
#include <emmintrin.h>
#endif
#ifdef __SSE4_1__
#include <smmintrin.h>
#endif

namespace waybill::hex {

// The value of one digit of either case, or -1.
constexpr int digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Like digit(), but uppercase is refused, as W3C Trace Context asks.
constexpr int lowercase_digit(char c) noexcept {
  return c >= 'A' && c <= 'F' ? -1 : digit(c);
}

inline char* encode_byte(std::uint8_t byte, char* out) noexcept {
  constexpr char kDigits[] = "0123456789abcdef";
  out[0] = kDigits[byte >> 4];
  out[1] = kDigits[byte & 15];
  return out + 2;
}

// Reads `n` bytes from 2 * n digits of either case. False when a character is no digit.
constexpr bool decode(const char* in, std::uint8_t* out, std::size_t n) noexcept {
  int bad = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const int high = digit(in[2 * i]);
    const int low = digit(in[2 * i + 1]);
    bad |= high | low;
    out[i] = static_cast<std::uint8_t>((high << 4 | low) & 0xff);
  }
  return bad >= 0;
}

#ifdef __SSE2__

namespace detail {

inline __m128i nibbles_to_digits(__m128i nibbles) noexcept {
#ifdef __SSE4_1__
  const __m128i digits =
      _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f');
  return _mm_shuffle_epi8(digits, nibbles);
#else
  const __m128i letter = _mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9));
  const __m128i shift = _mm_and_si128(letter, _mm_set1_epi8('a' - '0' - 10));
  return _mm_add_epi8(_mm_add_epi8(nibbles, _mm_set1_epi8('0')), shift);
#endif
}

// Sixteen lowercase digits to eight values, one in each 16-bit lane; what is no digit marks `bad`.
inline __m128i digits_to_bytes(__m128i digits, __m128i& bad) noexcept {
  const __m128i number = _mm_sub_epi8(digits, _mm_set1_epi8('0'));
  const __m128i letter = _mm_sub_epi8(digits, _mm_set1_epi8('a'));
  const __m128i is_number = _mm_cmpeq_epi8(_mm_min_epu8(number, _mm_set1_epi8(9)), number);
  const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
  bad = _mm_or_si128(bad, _mm_andnot_si128(_mm_or_si128(is_number, is_letter), _mm_set1_epi8(-1)));
#ifdef __SSE4_1__
  const __m128i nibbles =
      _mm_blendv_epi8(_mm_add_epi8(letter, _mm_set1_epi8(10)), number, is_number);
  return _mm_maddubs_epi16(nibbles, _mm_set1_epi16(0x0110));
#else
  const __m128i nibbles =
      _mm_or_si128(_mm_and_si128(is_number, number),
                   _mm_andnot_si128(is_number, _mm_add_epi8(letter, _mm_set1_epi8(10))));
  const __m128i joined = _mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8));
  return _mm_and_si128(joined, _mm_set1_epi16(0xff));
#endif
}

inline __m128i load(const void* p) noexcept {
  return _mm_loadu_si128(static_cast<const __m128i*>(p));
}
inline void store(void* p, __m128i value) noexcept {
  _mm_storeu_si128(static_cast<__m128i*>(p), value);
}

}  // namespace detail

// 16 bytes to 32 digits.
inline char* encode16(const std::uint8_t* in, char* out) noexcept {
  const __m128i bytes = detail::load(in);
  const __m128i mask = _mm_set1_epi8(15);
  const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), mask);
  const __m128i low = _mm_and_si128(bytes, mask);
  detail::store(out, detail::nibbles_to_digits(_mm_unpacklo_epi8(high, low)));
  detail::store(out + 16, detail::nibbles_to_digits(_mm_unpackhi_epi8(high, low)));
  return out + 32;
}

// 8 bytes to 16 digits.
inline char* encode8(const std::uint8_t* in, char* out) noexcept {
  const __m128i bytes = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(in));
  const __m128i mask = _mm_set1_epi8(15);
  const __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), mask);
  const __m128i low = _mm_and_si128(bytes, mask);
  detail::store(out, detail::nibbles_to_digits(_mm_unpacklo_epi8(high, low)));
  return out + 16;
}

// 32 lowercase digits to 16 bytes and 16 to 8, in one go: the two ids of a traceparent. False when
// a character is no lowercase digit; the outputs are then unspecified.
inline bool decode_lowercase_16_and_8(const char* in32, std::uint8_t* out16, const char* in16,
                                      std::uint8_t* out8) noexcept {
  __m128i bad = _mm_setzero_si128();
  const __m128i first = detail::digits_to_bytes(detail::load(in32), bad);
  const __m128i second = detail::digits_to_bytes(detail::load(in32 + 16), bad);
  const __m128i third = detail::digits_to_bytes(detail::load(in16), bad);
  detail::store(out16, _mm_packus_epi16(first, second));
  _mm_storel_epi64(reinterpret_cast<__m128i*>(out8), _mm_packus_epi16(third, third));
  return _mm_movemask_epi8(bad) == 0;
}

#else

inline char* encode16(const std::uint8_t* in, char* out) noexcept {
  for (int i = 0; i < 16; ++i) out = encode_byte(in[i], out);
  return out;
}

inline char* encode8(const std::uint8_t* in, char* out) noexcept {
  for (int i = 0; i < 8; ++i) out = encode_byte(in[i], out);
  return out;
}

inline bool decode_lowercase_16_and_8(const char* in32, std::uint8_t* out16, const char* in16,
                                      std::uint8_t* out8) noexcept {
  int bad = 0;
  const auto decode_all = [&bad](const char* in, std::uint8_t* out, int n) {
    for (int i = 0; i < n; ++i) {
      const int high = lowercase_digit(in[2 * i]);
      const int low = lowercase_digit(in[2 * i + 1]);
      bad |= high | low;
      out[i] = static_cast<std::uint8_t>((high << 4 | low) & 0xff);
    }
  };
  decode_all(in32, out16, 16);
  decode_all(in16, out8, 8);
  return bad >= 0;
}

#endif

}  // namespace waybill::hex
