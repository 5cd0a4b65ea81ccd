// RecordConsumer: what takes the records of one kind out of the rings.
//
// The background thread calls it, or in synchronous mode the thread that wrote the record; one call
// at a time, of all consumers together. For rooms that define a kind of record.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <type_traits>

#include <waybill/pipeline/record_header.h>

namespace waybill::detail {

// The thread that wrote a record.
struct RecordOrigin {
  std::uint64_t thread_id;  // gettid()
  // Of the clock that header.ticks is a reading of, to place earlier readings before it.
  double nanoseconds_per_tick = 1;
};

// What is about to end the process.
struct Crash {
  int signal = 0;  // or 0: std::terminate()
  const void* address = nullptr;
  std::exception_ptr exception = nullptr;  // with std::terminate()
};

class RecordConsumer {
 public:
  // Consumers live as long as the process.
  virtual ~RecordConsumer() = default;

  // Takes one record, whose memory is the ring's and is reused right after. `time` is that of
  // header.ticks. Records come in the order of their times.
  virtual void consume(const RecordHeader& header, const RecordOrigin& origin,
                       std::chrono::system_clock::time_point time) noexcept = 0;

  // There is nothing more for now: hand over what was collected. Also called while idle, a few
  // times a second. `flushing`: somebody waits for it, so that a place that has failed lately is
  // not to be spared.
  virtual void end_of_batch(bool flushing) noexcept = 0;

  // Writes a last record on the thread that crashes, which with a signal may be anywhere: without
  // allocating and without locks.
  virtual void before_crash(const Crash&) noexcept {}

  // In the child of a fork: forget what was collected and not handed over; the parent has it, too.
  virtual void after_fork_in_child() noexcept = 0;
};

// Before the first record of that kind is written. Once a kind.
void register_consumer(RecordKind kind, RecordConsumer& consumer) noexcept;

// Runs change(argument) while nothing is consumed, after what was written before has been.
void run_between_passes(void (*change)(void* argument), void* argument) noexcept;

template <class Change>
void between_passes(Change&& change) noexcept {
  run_between_passes([](void* it) { (*static_cast<std::remove_reference_t<Change>*>(it))(); },
                     &change);
}

// Whether this thread is consuming: what it writes now comes from a sink.
bool is_consuming() noexcept;

// For self_metrics(): what became of the records that a sink was given.
struct SinkCount {
  std::uint64_t bytes = 0;
  std::uint64_t lost = 0;
  std::uint64_t failures = 0;
};
void count_sink(const SinkCount& count) noexcept;

}  // namespace waybill::detail
