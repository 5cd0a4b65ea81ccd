// RecordWriter: how a room writes its records into the calling thread's ring.
//
//   const auto writer = RecordWriter::begin({.size = whole_record(size), .kind =
//   RecordKind::kLog}); if (writer) {
//     std::memcpy(writer.payload(), ..., size);
//     writer.commit(whole_record(size));
//   }
//
// What there is no room for is counted; see self_metrics.h. Each thread has a ring of its own. Not
// for signal handlers.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <waybill/pipeline/record_header.h>

namespace waybill::detail {

// The producer's place in a thread's ring.
struct RingFront {
  std::atomic<char*> next = nullptr;  // where the next record goes: all before it is the consumer's
  // Up to here there is room; null when there is more to do than to read the counter: with another
  // clock, and in synchronous mode.
  char* fast_limit = nullptr;
  char* limit = nullptr;  // up to here there is room
};

class RecordWriter {
 public:
  // Room for a record of this shape, whose header is filled in: with the time, and the ambient
  // context.
  static RecordWriter begin(RecordShape shape) noexcept {
    return begin(std::bit_cast<std::uint64_t>(shape));
  }
  // The same with another context in the header, or none (null).
  static RecordWriter begin(RecordShape shape, const ContextNode* context) noexcept {
    return begin(std::bit_cast<std::uint64_t>(shape), context);
  }

  explicit operator bool() const noexcept { return header_ != nullptr; }
  char* payload() const noexcept { return reinterpret_cast<char*>(header_ + 1); }

  // Once; with the size of the shape. From here on the record is the consumer's.
  void commit(std::size_t size) const noexcept {
    if ((ring_ & 1) != 0) [[unlikely]]
      return commit_synchronously(size);
    reinterpret_cast<RingFront*>(ring_)->next.store(reinterpret_cast<char*>(header_) + size,
                                                    std::memory_order_release);
  }

 private:
  RecordWriter(RecordHeader* header, RingFront* ring, bool synchronous = false) noexcept
      : header_(header),
        ring_(reinterpret_cast<std::uintptr_t>(ring) | std::uintptr_t{synchronous}) {}
  void commit_synchronously(std::size_t size) const noexcept;
  // The shape as one word, which goes from a register to the ring.
  static RecordWriter begin(std::uint64_t shape) noexcept;
  static RecordWriter begin(std::uint64_t shape, const ContextNode* context) noexcept;
  static RecordWriter begin_slowly(std::uint64_t shape, const ContextNode* context) noexcept;

  RecordHeader* header_;
  std::uintptr_t ring_;  // and, in the lowest bit, whether to consume at once
};

}  // namespace waybill::detail
