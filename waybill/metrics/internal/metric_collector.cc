#include <algorithm>
#include <memory>
#include <new>
#include <optional>
#include <unordered_map>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/differences.h>
#include <waybill/metrics/internal/instrument_registry.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/observed_points.h>
#include <waybill/metrics/internal/points.h>
#include <waybill/metrics/internal/write_barrier.h>

namespace waybill::internal {
namespace {

constinit thread_local bool t_collecting = false;

class Collecting {
 public:
  Collecting() noexcept { t_collecting = true; }
  Collecting(const Collecting&) = delete;
  Collecting& operator=(const Collecting&) = delete;
  ~Collecting() { t_collecting = false; }
};

}  // namespace

struct MetricCollector::Callbacks {
  struct Callback {
    Callback(std::uint64_t its_id, detail::Instrument& its_instrument,
             ObservableCallback its_function)
        : id(its_id), instrument(its_instrument), function(std::move(its_function)) {}
    std::uint64_t id;
    detail::Instrument& instrument;
    ObservableCallback function;
    bool ended = false;
  };
  std::vector<std::shared_ptr<Callback>> all;
};

struct MetricCollector::State {
  std::unordered_map<const detail::Instrument*, ObservedPoints> observed;
  Differences differences;
  const State* before_fork = nullptr;  // the parent's
};

MetricCollector& MetricCollector::get() {
  static MetricCollector& forever = *new MetricCollector;
  return forever;
}

MetricCollector::MetricCollector() : callbacks_(new Callbacks), state_(new State) {}

std::uint64_t MetricCollector::add_callback(detail::Instrument& instrument,
                                            ObservableCallback callback) {
  if (t_collecting) throw Error("an observable was made from a callback");
  const std::lock_guard lock(mutex_);
  auto added = std::make_unique<Callbacks>(*callbacks_.load());
  const std::uint64_t id = next_callback_++;
  added->all.push_back(std::make_shared<Callbacks::Callback>(id, instrument, std::move(callback)));
  const std::unique_ptr<const Callbacks> before(callbacks_.exchange(added.release()));
  return id;
}

void MetricCollector::remove_callback(std::uint64_t id) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& callback : callbacks_.load()->all) {
    if (callback->id == id) callback->ended = true;
  }
  try {
    auto rest = std::make_unique<Callbacks>(*callbacks_.load());
    std::erase_if(rest->all, [](const auto& callback) { return callback->ended; });
    const std::unique_ptr<const Callbacks> before(callbacks_.exchange(rest.release()));
  } catch (...) {  // it stays, and is not called
  }
}

void MetricCollector::ask_callbacks() {
  State& state = *state_.load();
  for (const auto& callback : callbacks_.load()->all) {
    if (callback->ended) continue;
    const detail::Instrument& instrument = callback->instrument;
    auto& points =
        state.observed.try_emplace(&instrument, instrument.kind, instrument.cardinality_limit)
            .first->second;
    Observer observer(points);
    try {
      callback->function(observer);
    } catch (...) {
      count_one(metric_counters().failed_callbacks);
    }
  }
}

bool MetricCollector::is_collecting() noexcept {
  return t_collecting;
}

Collection MetricCollector::collect(bool take) {
  if (t_collecting) throw Error("metrics were collected from a callback");
  const std::lock_guard lock(mutex_);
  const Collecting collecting;
  count_one(metric_counters().collections);
  ask_callbacks();
  exemplar_round.fetch_add(1, std::memory_order_relaxed);
  const auto now = std::chrono::system_clock::now();
  State& state = *state_.load();
  std::vector<CollectedMetric> metrics;
  std::optional<TakingDifferences> taking;
  if (take) taking.emplace();
  InstrumentRegistry::get().for_each([&](detail::Instrument& instrument) {
    CollectedMetric metric;
    if (instrument.observable) {
      const auto found = state.observed.find(&instrument);
      if (found == state.observed.end()) return;
      metric = collect_observed(instrument, found->second, now);
    } else {
      metric = collect_measured(instrument, now, take);
    }
    if (!metric.ids.empty()) metrics.push_back(std::move(metric));
  });
  taking.reset();
  Collection result;
  if (take) result.differences = state.differences.take(metrics, now);
  result.cumulative.reserve(metrics.size());
  for (CollectedMetric& metric : metrics) result.cumulative.push_back(std::move(metric.metric));
  return result;
}

void MetricCollector::after_fork_in_child() noexcept {
  new (&mutex_) std::mutex;
  TakingDifferences::after_fork_in_child();
  auto* fresh = new (std::nothrow) State;
  if (fresh == nullptr) return;
  fresh->before_fork = state_.load();
  state_.store(fresh);
}

}  // namespace waybill::internal

namespace waybill {

ObservableHandle::~ObservableHandle() {
  if (id_ != 0) internal::MetricCollector::get().remove_callback(id_);
}

}  // namespace waybill
