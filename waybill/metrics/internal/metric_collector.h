// MetricCollector: what all instruments stand at.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include <waybill/metrics/internal/series.h>
#include <waybill/metrics/metric_data.h>
#include <waybill/metrics/observable.h>

namespace waybill::internal {

struct Extremes {
  bool measured = false;
  double min = 0;
  double max = 0;
};

struct CollectedMetric {
  MetricData metric;               // cumulative
  std::vector<std::uint64_t> ids;  // of the points: the same in each collection
  std::vector<Extremes> since;     // of a histogram's points, since they were last taken
};

struct Collection {
  std::vector<MetricData> cumulative;
  std::vector<MetricData> differences;  // to what they were when they were last taken
};

class MetricCollector {
 public:
  // Lives as long as the process.
  static MetricCollector& get();

  // Asks the callbacks, and adds up what all threads have measured. `take`: with differences. One
  // call at a time, others wait. Throws std::bad_alloc, and Error when called from a callback.
  Collection collect(bool take);

  // Whether this thread is, which then holds the lock.
  static bool is_collecting() noexcept;

  // Throws as collect() does.
  std::uint64_t add_callback(detail::Instrument& instrument, ObservableCallback callback);
  void remove_callback(std::uint64_t id) noexcept;

  // What was taken is forgotten, and so is what callbacks said. Locks are made new.
  void after_fork_in_child() noexcept;

 private:
  struct Callbacks;
  struct State;

  MetricCollector();
  void ask_callbacks();

  std::mutex mutex_;
  // Replaced as a whole, so that a fork at any moment leaves the child one or the other.
  std::atomic<const Callbacks*> callbacks_ = nullptr;
  std::atomic<State*> state_ = nullptr;
  std::uint64_t next_callback_ = 1;
};

}  // namespace waybill::internal
