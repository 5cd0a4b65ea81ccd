// Collector: takes the records out of all rings, in the order of their times, and gives each to the
// consumer of its kind.
//
// All but add() is for one thread at a time: whoever holds the pipeline's lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <waybill/core/recorded_context.h>
#include <waybill/pipeline/consumer.h>
#include <waybill/pipeline/internal/ring.h>
#include <waybill/pipeline/internal/tick_converter.h>

namespace waybill::internal {

class Collector {
 public:
  Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;
  // For tests: the pipeline's lives as long as the process.
  ~Collector() { forget_rings(); }

  // A ring to be emptied from now on, and deleted when its thread has ended. Any thread.
  void add(Ring* ring) noexcept;

  void set_consumer(detail::RecordKind kind, detail::RecordConsumer& consumer) noexcept {
    consumers_[static_cast<std::size_t>(kind)].store(&consumer, std::memory_order_release);
  }

  // To be called before the first record.
  void start_clock() noexcept { clock_.start(); }

  // One pass: what is in the rings when it begins. Then hands the batch over; `flushing` as in
  // RecordConsumer. Returns the number of records.
  std::size_t collect(bool flushing = false) noexcept;

  // A checkpoint is a point in time to which all records have to be handed over, however many
  // passes that takes. It takes along what contexts have been retired, and frees them when it is
  // reached. One at a time.
  void set_checkpoint() noexcept;
  bool has_checkpoint() const noexcept { return has_checkpoint_; }
  // After a pass; true once.
  bool reached_checkpoint() noexcept;

  // Any thread; also in a signal handler.
  void tell_of_crash(const detail::Crash& crash) noexcept;

  // In the child of a fork: forgets all rings.
  void after_fork_in_child() noexcept;

  std::size_t ring_count() const noexcept { return ring_count_.load(std::memory_order_relaxed); }
  std::size_t ring_bytes() const noexcept { return ring_bytes_.load(std::memory_order_relaxed); }

 private:
  struct Next {
    Ring* ring;
    const detail::RecordHeader* header;
  };

  void adopt_new_rings();
  void forget_rings() noexcept;
  void merge_until(std::uint64_t last_ticks) noexcept;
  void consume_future() noexcept;
  void consume(Ring& ring, const detail::RecordHeader& header) noexcept;
  void remove_done_rings() noexcept;

  std::array<std::atomic<detail::RecordConsumer*>, detail::kRecordKinds> consumers_ = {};
  std::atomic<Ring*> new_rings_ = nullptr;
  std::vector<Ring*> rings_;
  std::vector<Next> heads_;  // of the rings that have records, the earliest on top
  TickConverter clock_;
  std::size_t consumed_ = 0;  // in this pass

  bool has_checkpoint_ = false;
  detail::RetiredContexts retired_;

  std::atomic<std::size_t> ring_count_ = 0;
  std::atomic<std::size_t> ring_bytes_ = 0;
};

}  // namespace waybill::internal
