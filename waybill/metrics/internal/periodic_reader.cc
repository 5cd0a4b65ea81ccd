#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <new>
#include <thread>
#include <utility>

#include <pthread.h>

#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/metric_resource.h>
#include <waybill/metrics/internal/periodic_reader.h>
#include <waybill/pipeline/host_signals.h>

namespace waybill::internal {

using std::chrono::steady_clock;

namespace {

constinit thread_local bool t_reading = false;

constexpr std::array kKinds = {MetricKind::kCounter, MetricKind::kUpDownCounter, MetricKind::kGauge,
                               MetricKind::kHistogram, MetricKind::kExponentialHistogram};

unsigned bit_of(MetricKind kind, bool observable) noexcept {
  return 1U << (2 * static_cast<unsigned>(kind) + (observable ? 1 : 0));
}

// A bit for each kind of instrument of which the exporter prefers differences.
unsigned preferred_differences(const MetricExporter& exporter) noexcept {
  unsigned bits = 0;
  for (const MetricKind kind : kKinds) {
    for (const bool observable : {false, true}) {
      if (exporter.preferred(kind, observable) != Temporality::kDelta) continue;
      bits |= bit_of(kind, observable);
    }
  }
  return bits;
}

MetricSnapshot snapshot_of(const Collection& collection, unsigned differences) {
  MetricSnapshot snapshot;
  snapshot.resource = metric_resource();
  const auto prefers = [differences](const MetricData& metric) {
    return (differences & bit_of(metric.kind, metric.observable)) != 0;
  };
  for (const MetricData& metric : collection.cumulative) {
    if (!prefers(metric)) snapshot.metrics.push_back(metric);
  }
  for (const MetricData& metric : collection.differences) {
    if (prefers(metric)) snapshot.metrics.push_back(metric);
  }
  return snapshot;
}

void export_all(const ReaderOptions& options) {
  std::map<unsigned, MetricSnapshot> snapshots;
  for (const auto& exporter : options.exporters) snapshots[preferred_differences(*exporter)];
  const bool take = snapshots.rbegin()->first != 0;
  Collection collection = MetricCollector::get().collect(take);
  for (auto& [differences, snapshot] : snapshots) snapshot = snapshot_of(collection, differences);
  for (const auto& exporter : options.exporters) {
    const bool exported = exporter->export_metrics(snapshots[preferred_differences(*exporter)]);
    count_one(exported ? metric_counters().exports : metric_counters().failed_exports);
  }
}

}  // namespace

// Shared with the thread, which may outlive the reader if an exporter does not return.
struct PeriodicReader::State {
  ReaderOptions options;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t requested = 0;
  std::uint64_t done = 0;
  bool running = false;
  bool stop = false;
  bool abandoned = false;  // what is left to do is somebody else's now
  std::thread thread;
};

PeriodicReader::PeriodicReader(ReaderOptions options) : state_(std::make_shared<State>()) {
  state_->options = std::move(options);
  start();
}

PeriodicReader::~PeriodicReader() {
  if (state_->thread.joinable()) state_->thread.detach();
}

bool PeriodicReader::on_its_thread() noexcept {
  return t_reading;
}

void PeriodicReader::start() {
  const detail::WithoutHostSignals none;
  try {
    state_->running = true;
    state_->thread = std::thread([state = state_] { run(state); });
    pthread_setname_np(state_->thread.native_handle(), "waybill-metrics");
  } catch (...) {
    state_->running = false;
    throw;
  }
}

void PeriodicReader::run(const std::shared_ptr<State>& shared) noexcept {
  t_reading = true;
  State& state = *shared;
  auto next = steady_clock::now() + state.options.interval;
  std::unique_lock lock(state.mutex);
  for (;;) {
    state.changed.wait_until(lock, next,
                             [&] { return state.stop || state.requested != state.done; });
    const std::uint64_t serving = state.requested;
    if (state.abandoned || (state.stop && serving == state.done)) break;
    lock.unlock();
    const bool is_due = steady_clock::now() >= next;
    try {
      export_all(state.options);
    } catch (...) {
      count_one(metric_counters().failed_exports);
    }
    // What took longer than the interval makes it no denser.
    if (is_due) next = std::max(next + state.options.interval, steady_clock::now());
    lock.lock();
    state.done = std::max(state.done, serving);
    state.changed.notify_all();
  }
  state.running = false;
  state.changed.notify_all();
}

void PeriodicReader::request_delivery() noexcept {
  if (t_reading) return;
  resume();
  const std::shared_ptr<State> state = state_;
  const std::lock_guard lock(state->mutex);
  if (!state->running) return;
  ++state->requested;
  state->changed.notify_all();
}

bool PeriodicReader::wait_until_delivered(steady_clock::time_point deadline) noexcept {
  // It would wait for itself, or this one's collection.
  if (t_reading || MetricCollector::is_collecting()) return false;
  const std::shared_ptr<State> state = state_;
  std::unique_lock lock(state->mutex);
  const std::uint64_t mine = state->requested;
  return state->changed.wait_until(lock, deadline,
                                   [&] { return state->done >= mine || !state->running; });
}

void PeriodicReader::end(steady_clock::time_point deadline) noexcept {
  wait_until_delivered(deadline);
  const std::shared_ptr<State> state = state_;
  std::unique_lock lock(state->mutex);
  state->stop = true;
  state->changed.notify_all();
  const bool ended =
      state->changed.wait_until(lock, deadline, [&state] { return !state->running; });
  state->abandoned = !ended;
  lock.unlock();
  if (!state->thread.joinable() || t_reading) return;
  if (ended) {
    state->thread.join();
  } else {
    state->thread.detach();
  }
}

// The parent's thread is not here: what belongs to it is left as it is, locks and all.
void PeriodicReader::after_fork_in_child() noexcept {
  for (const auto& exporter : state_->options.exporters) exporter->after_fork_in_child();
  struct Forgotten {
    std::shared_ptr<State> state;
    const Forgotten* before;
  };
  static constinit const Forgotten* last_forgotten = nullptr;
  const auto* forgotten = new (std::nothrow) Forgotten{state_, last_forgotten};
  if (forgotten == nullptr) return;
  last_forgotten = forgotten;
  try {
    auto fresh = std::make_shared<State>();
    fresh->options = state_->options;
    fresh->stop = state_->stop;
    state_ = std::move(fresh);
  } catch (...) {
  }
}

bool PeriodicReader::resume() noexcept {
  const std::shared_ptr<State> state = state_;
  const std::lock_guard lock(state->mutex);
  if (state->running || state->stop) return true;
  try {
    start();
  } catch (...) {
    return false;
  }
  return true;
}

}  // namespace waybill::internal
