// Ring: the records of one thread on their way to the consumer. One producer, one consumer, no
// locks.
//
// A chain of buffers, of which all but one are being emptied: when the newest is full, the producer
// adds one of twice the size, up to a limit. A buffer is used round and round. A record never wraps
// around: what is left at a buffer's end is filled with a record of kind kNone. A buffer is never
// filled to the last byte, so that equal positions mean that it is empty.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include <waybill/pipeline/record_header.h>
#include <waybill/pipeline/record_writer.h>

namespace waybill::internal {

class Ring : public detail::RingFront {
 public:
  enum class Room : std::uint8_t { kMade, kFull, kTooLarge, kNoMemory };

  // `bytes` is a power of two. Null for want of memory.
  static Ring* make(std::size_t bytes, std::uint64_t thread_id) noexcept;
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;
  ~Ring();

  std::uint64_t thread_id() const noexcept { return thread_id_; }

  // --- the producer's side ---

  // Sees to it that a record of `size` bytes has room between `next` and `limit`. They are never
  // far apart: this is called again every quarter of a buffer, to look how full it is.
  // `fast`: whether fast_limit is to be set, too.
  Room make_room(std::size_t size, std::size_t bytes_limit, bool fast = true) noexcept;

  // Whether at least half of the newest buffer is waiting to be consumed.
  bool half_full() const noexcept;

  // The thread ends: nothing more will be written.
  void end() noexcept { ended_.store(true, std::memory_order_release); }

  // --- the consumer's side ---

  // Takes note of what has been written up to now.
  void look() noexcept;
  // What look() found and has not been consumed: the next record, or null.
  const detail::RecordHeader* front() noexcept;
  // Goes on to the next record, and then gives back the memory of those before. Two steps: whoever
  // crashes between them does not find the same record again.
  void skip(const detail::RecordHeader& header) noexcept;
  void release() noexcept;

  // Positions count the bytes that were ever written.
  std::uint64_t consumed() const noexcept { return consumed_; }
  std::uint64_t seen() const noexcept;  // what look() found

  // Whether the thread has ended, and everything is consumed.
  bool is_done() noexcept;

  // Any thread; approximate.
  std::size_t bytes() const noexcept { return bytes_.load(std::memory_order_relaxed); }

  Ring* next_new = nullptr;      // in the list of new rings
  std::uint64_t checkpoint = 0;  // a position, for the consumer's use

 private:
  struct Buffer;

  Ring(Buffer* buffer, std::uint64_t thread_id) noexcept;
  Room grow(std::size_t size, std::size_t bytes_limit, bool fast) noexcept;

  Buffer* writing_;
  const std::uint64_t thread_id_;
  std::atomic<bool> ended_ = false;
  std::atomic<std::size_t> bytes_;

  alignas(64) Buffer* reading_;
  std::size_t offset_ = 0;  // of the next record in the buffer that is being read
  std::uint64_t consumed_ = 0;
  const char* seen_;
  Buffer* seen_in_;
};

}  // namespace waybill::internal
