// The beginning of every record in a ring. What follows is its kind's.
#pragma once

#include <cstddef>
#include <cstdint>

#include <waybill/core/recorded_context.h>

namespace waybill::detail {

// Who consumes a record; see consumer.h.
enum class RecordKind : std::uint8_t { kNone, kLog, kSpan };
inline constexpr std::size_t kRecordKinds = 3;

inline constexpr std::size_t kRecordAlignment = 8;

// One word, so that it is one store.
struct alignas(8) RecordShape {
  std::uint32_t size;  // of the whole record, in bytes: a multiple of kRecordAlignment
  RecordKind kind;     // kNone: unused space at the end of a buffer
  std::uint8_t detail[2];
  std::uint8_t clock;  // 0: ticks are the counter's; 1: nanoseconds since 1970
};

struct RecordHeader {
  RecordShape shape;
  std::uint64_t ticks;      // of clock.h
  RecordedContext context;  // that was current
};

// What a record needs of a ring whose payload has this size.
constexpr std::size_t whole_record(std::size_t payload) noexcept {
  return (sizeof(RecordHeader) + payload + kRecordAlignment - 1) & ~(kRecordAlignment - 1);
}

}  // namespace waybill::detail
