// Exemplars of one point: which measurements are kept as examples, and those that are.
//
// As OpenTelemetry's SDK has it ("SimpleFixedSizeExemplarReservoir",
// "AlignedHistogramBucketExemplarReservoir"): of the measurements since the last collection, each
// has the same chance of being among those kept; for a histogram with bounds, in each bucket by
// itself. Every thread draws for what it measures itself.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <waybill/core/ids.h>
#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

// The trace that a measurement belongs to; invalid ids: none.
struct MeasuredIn {
  TraceId trace_id;
  SpanId span_id;
};

// Grows with each collection: measurements are drawn anew then.
extern constinit std::atomic<std::uint32_t> exemplar_round;

// What one thread has offered since the last collection. Only that thread touches it.
class ExemplarDraw {
 public:
  static constexpr std::size_t kNone = ~std::size_t{0};

  // The place that the next measurement is to have among so many, or kNone.
  std::size_t next(std::size_t places) noexcept {
    const std::uint32_t round = exemplar_round.load(std::memory_order_relaxed);
    if (round_ != round) {
      round_ = round;
      offered_ = 0;
    }
    const std::uint32_t before = offered_;
    if (before != ~std::uint32_t{0}) ++offered_;
    if (before < places) return before;
    const std::size_t place = below(offered_);
    return place < places ? place : kNone;
  }

 private:
  static std::size_t below(std::uint32_t limit) noexcept;

  std::uint32_t round_ = 0;
  std::uint32_t offered_ = 0;
};

class ExemplarReservoir {
 public:
  // Throws std::bad_alloc.
  explicit ExemplarReservoir(std::size_t places) : places_(places) {}

  // Replaces the one in that place. Where another thread is about to do something here, nothing is
  // kept of this one: it is a sample anyway.
  void put(std::size_t place, MetricNumber value, const MeasuredIn& trace) noexcept;

  // Those that were measured at `since` or later.
  std::vector<Exemplar> exemplars(std::chrono::system_clock::time_point since) const;

  // In the child of a fork.
  void make_new() noexcept;

 private:
  struct Place {
    bool taken = false;
    std::chrono::system_clock::time_point time;
    MetricNumber value;
    MeasuredIn trace;
  };
  bool try_lock() const noexcept { return !locked_.exchange(true, std::memory_order_acquire); }
  void unlock() const noexcept { locked_.store(false, std::memory_order_release); }

  mutable std::atomic<bool> locked_ = false;
  std::vector<Place> places_;
};

}  // namespace waybill::internal
