// ObservedPoints: what the callbacks of one observable instrument have said in a collection.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <waybill/core/field.h>
#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

class ObservedPoints {
 public:
  struct Point {
    std::uint64_t id;  // as long as it is observed in every collection
    std::vector<OwnedAttribute> attributes;
    std::chrono::system_clock::time_point start;  // the first observation
    MetricNumber value;
    bool observed;  // in this collection
  };

  ObservedPoints(MetricKind kind, std::size_t limit) : kind_(kind), limit_(limit) {}

  // Those that are observed first in a collection have a place of their own (OpenTelemetry metrics
  // SDK, "Asynchronous instrument cardinality limits").
  void put(MetricNumber value, Fields attributes);

  // The end of a collection: hands over what was observed, and forgets what was not.
  template <class Visit>
  void take(Visit&& visit) {
    observed_ = 0;
    for (auto it = points_.begin(); it != points_.end();) {
      if (!it->second.observed) {
        it = points_.erase(it);
        continue;
      }
      visit(it->second);
      it->second.observed = false;
      ++it;
    }
  }

 private:
  void put_overflow(MetricNumber value);

  MetricKind kind_;
  std::size_t limit_;
  std::size_t observed_ = 0;             // how many have a place in this collection
  std::map<std::string, Point> points_;  // by a text that tells their attributes
};

}  // namespace waybill::internal
