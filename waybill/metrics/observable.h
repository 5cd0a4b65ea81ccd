// Observables: values that somebody else keeps, and that are asked for when metrics are collected.
//
//   auto depth = meter.observable_gauge("queue.depth", {.unit = "{message}"},
//                                       [&](waybill::Observer& observer) {
//                                         observer.observe(queue.size(), {{"queue", "orders"}});
//                                       });
//
// The callback is called by whoever collects, one collection at a time: on the thread that exports,
// or under a scrape. It should not wait. What it throws is counted and goes no further, and what it
// observed before counts.
//
// A callback must not end an observable. It cannot make one, collect() or configure_metrics(),
// which throw Error there; prometheus_exposition() answers with 500, and flush() does not wait.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <type_traits>
#include <utility>

#include <waybill/core/field.h>
#include <waybill/metrics/instrument.h>

namespace waybill {

namespace internal {
class ObservedPoints;
}

class Observer {
 public:
  explicit Observer(internal::ObservedPoints& points) noexcept : points_(points) {}

  // The value now; of a counter, the whole sum since its beginning. Attributes that are observed
  // twice in a collection have the value of the last time; those that are not, no point.
  template <detail::MeasuredAs<double> T>
  void observe(T value, Fields attributes = {}) {
    if constexpr (std::is_floating_point_v<T>) {
      put(static_cast<double>(value), attributes);
    } else {
      put(detail::to_number<std::int64_t>(value), attributes);
    }
  }
  template <detail::MeasuredAs<double> T>
  void observe(T value, std::initializer_list<Field> attributes) {
    observe(value, Fields(attributes.begin(), attributes.size()));
  }

 private:
  void put(std::int64_t value, Fields attributes);
  void put(double value, Fields attributes);

  internal::ObservedPoints& points_;
};

using ObservableCallback = std::function<void(Observer&)>;

// Ends the callback, and waits for a call of it that is under way: keep it as long as what the
// callback refers to, and no longer. The instrument stays, without what this callback observed.
class [[nodiscard]] ObservableHandle {
 public:
  constexpr ObservableHandle() noexcept = default;
  explicit ObservableHandle(std::uint64_t id) noexcept : id_(id) {}
  ObservableHandle(ObservableHandle&& other) noexcept : id_(std::exchange(other.id_, 0)) {}
  ObservableHandle& operator=(ObservableHandle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~ObservableHandle();

  // The callback is called until the process ends.
  void keep() && noexcept { id_ = 0; }

 private:
  std::uint64_t id_ = 0;
};

}  // namespace waybill
