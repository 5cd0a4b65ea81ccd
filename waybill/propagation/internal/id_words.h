// Ids as numbers, the first byte the most significant: for formats that spell them in decimal, or
// that know 64-bit trace ids.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <waybill/core/ids.h>

namespace waybill::internal {

inline std::uint64_t big_endian(std::uint64_t value) noexcept {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  return value;
}

inline std::uint64_t high_word(const TraceId& id) noexcept {
  std::uint64_t word;
  std::memcpy(&word, id.bytes(), sizeof word);
  return big_endian(word);
}

inline std::uint64_t low_word(const TraceId& id) noexcept {
  std::uint64_t word;
  std::memcpy(&word, id.bytes() + sizeof word, sizeof word);
  return big_endian(word);
}

inline std::uint64_t word_of(const SpanId& id) noexcept {
  std::uint64_t word;
  std::memcpy(&word, id.bytes(), sizeof word);
  return big_endian(word);
}

inline TraceId trace_id_from(std::uint64_t high, std::uint64_t low) noexcept {
  const std::uint64_t words[2] = {big_endian(high), big_endian(low)};
  return std::bit_cast<TraceId>(words);
}

inline SpanId span_id_from(std::uint64_t word) noexcept {
  return std::bit_cast<SpanId>(big_endian(word));
}

}  // namespace waybill::internal
