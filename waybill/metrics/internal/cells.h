// Cells: what one thread has measured of one point. Only that thread writes to it, without a lock
// and without waiting; whoever collects adds up the cells of all threads.
//
// Cells are made of memory that is zero, keep their values when their thread ends, and are then
// another thread's to add to.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <thread>

#include <waybill/metrics/internal/exemplars.h>
#include <waybill/metrics/internal/write_barrier.h>

namespace waybill::internal {

// Of what only one thread writes: a load and a store, no locked instruction.
template <class T>
T add_own(std::atomic<T>& to, T number, std::memory_order order) noexcept {
  const T sum = to.load(std::memory_order_relaxed) + number;
  to.store(sum, order);
  return sum;
}

template <class Number>
struct NumberCell {
  std::atomic<Number> sum;
  ExemplarDraw draw;
};

// What both kinds of histograms have in common. The sequence is odd while the thread writes: who
// reads tries again until it was even, and the same before and after. Stores that belong to a write
// are releases, and loads of a reader acquires, which on x86 are plain ones: none is seen before
// the odd sequence, or after the even one.
struct DistributionCell;
// Takes back that a write has begun until the reader has read, for 200 yields at most.
void give_way(DistributionCell& cell) noexcept;

struct DistributionCell {
  std::atomic<std::uint64_t> sequence;
  // What the sequence was when somebody last took all of it, for a collection of differences.
  std::atomic<std::uint64_t> taken;
  std::atomic<double> sum;
  std::atomic<double> min;  // of all
  std::atomic<double> max;
  std::atomic<double> min_since;  // since then
  std::atomic<double> max_since;
  std::atomic<double> last;
  // Who takes differences has tried in vain to read between two writes.
  std::atomic<bool> awaited;

  // With a full barrier where it is needed, so that either this write sees that somebody has taken
  // what was there, or that one sees that it is under way.
  void begin_write() noexcept {
    const std::uint64_t odd = sequence.load(std::memory_order_relaxed) + 1;
    sequence.store(odd, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // looks after that: see write_barrier.h
    if (writes_have_barrier.load(std::memory_order_acquire)) [[unlikely]] {
      if (awaited.load(std::memory_order_relaxed)) give_way(*this);
      sequence.exchange(odd);
    }
  }

  // Sum and extremes, as part of a write.
  void measure(double value) noexcept {
    constexpr auto kOrder = std::memory_order_release;
    const std::uint64_t before = sequence.load(std::memory_order_relaxed) - 1;
    add_own(sum, value, kOrder);
    extend(min, max, value, before == 0);
    extend(min_since, max_since, value, taken.load() == before);
    last.store(value, std::memory_order_release);
  }

  void end_write() noexcept {
    sequence.store(sequence.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

 private:
  static void extend(std::atomic<double>& least, std::atomic<double>& most, double value,
                     bool first) noexcept {
    if (first || value < least.load(std::memory_order_relaxed)) {
      least.store(value, std::memory_order_release);
    }
    if (first || value > most.load(std::memory_order_relaxed)) {
      most.store(value, std::memory_order_release);
    }
  }
};

// With bounds; the buckets, and a draw for each, lie behind it.
struct HistogramCell : DistributionCell {
  static std::size_t size_for(std::size_t buckets) noexcept {
    return sizeof(HistogramCell) +
           buckets * (sizeof(std::atomic<std::uint64_t>) + sizeof(ExemplarDraw));
  }
  std::atomic<std::uint64_t>* buckets() noexcept {
    return reinterpret_cast<std::atomic<std::uint64_t>*>(this + 1);
  }
  ExemplarDraw& draw(std::size_t bucket, std::size_t bucket_count) noexcept {
    return reinterpret_cast<ExemplarDraw*>(buckets() + bucket_count)[bucket];
  }
};

// What a cell of either kind held at one moment. read(cell) copies what the kind has of its own.
struct Distribution {
  double sum = 0;
  double min = 0;
  double max = 0;
  double min_since = 0;
  double max_since = 0;
  bool measured_since = false;
};

// How often a reader waits for a thread that has been interrupted in the middle of a write, a third
// of a second at least; then it takes what it finds.
inline constexpr int kMostReads = 5'000;
// After that many a reader lets other threads run between two of them, and a thread that does
// nothing but write gives way.
inline constexpr int kReadsAtOnce = 100;

// A reader's patience with a cell whose thread is always writing, or was interrupted in a write.
struct AwaitedCell {
  DistributionCell& cell;

  void wait(bool gives_way) const noexcept {
    if (gives_way) cell.awaited.store(true, std::memory_order_relaxed);
    if (gives_way && (cell.sequence.load(std::memory_order_relaxed) & 1) == 0) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }
  ~AwaitedCell() {
    if (cell.awaited.load(std::memory_order_relaxed)) {
      cell.awaited.store(false, std::memory_order_relaxed);
    }
  }
};

// Reads the cell; `take`: and begins anew what was measured since, while TakingDifferences lives.
// False: it is empty. Only one thread at a time may read.
template <class Cell, class Read>
bool read_cell(Cell& cell, bool take, Distribution& result, Read&& read) {
  bool measured_since = false;
  double min_since = 0;
  double max_since = 0;
  const AwaitedCell awaited{cell};
  for (int tries = 0;; ++tries) {
    if (tries > kReadsAtOnce) awaited.wait(take);
    const bool last = tries == kMostReads;
    const std::uint64_t sequence = cell.sequence.load(std::memory_order_acquire);
    if (sequence == 0) return false;
    if ((sequence & 1) != 0 && !last) continue;
    constexpr auto kOrder = std::memory_order_acquire;
    const std::uint64_t taken = cell.taken.load(std::memory_order_relaxed);
    result.sum = cell.sum.load(kOrder);
    result.min = cell.min.load(kOrder);
    result.max = cell.max.load(kOrder);
    // Of a single value, that one: the thread may not have noticed yet that it is the first.
    const bool single = sequence == taken + 2;
    const double least = (single ? cell.last : cell.min_since).load(kOrder);
    const double most = (single ? cell.last : cell.max_since).load(kOrder);
    read(cell);
    if (cell.sequence.load(std::memory_order_relaxed) != sequence && !last) continue;
    if (sequence != taken) {
      min_since = measured_since ? std::min(min_since, least) : least;
      max_since = measured_since ? std::max(max_since, most) : most;
      measured_since = true;
    }
    if (take) {
      cell.taken.exchange(sequence);
      // Something may have been written meanwhile, without knowledge of it.
      if (cell.sequence.load() != sequence && !last) continue;
    }
    result.measured_since = measured_since;
    result.min_since = min_since;
    result.max_since = max_since;
    return true;
  }
}

}  // namespace waybill::internal
