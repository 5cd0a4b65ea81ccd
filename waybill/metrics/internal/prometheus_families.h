// Metric families: a snapshot in the shape in which both of Prometheus's formats tell it.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include <waybill/metrics/metric_data.h>
#include <waybill/metrics/prometheus.h>

namespace waybill::internal {

enum class FamilyType { kCounter, kGauge, kHistogram };

struct Family {
  struct Member {
    std::string labels;  // as Labels::text()
    std::variant<NumberPoint, HistogramPoint> point;
  };

  std::string name;
  std::string unit;
  std::string help;
  FamilyType type;
  std::vector<Member> members;
};

// Metrics of the same name and type are one family, points with the same labels one member. What
// would take a name that is another's already is left out; `open_metrics`: by the rules of that
// format, in which a counter's name without its suffix is taken, too.
std::vector<Family> families_of(const MetricSnapshot& snapshot, const PrometheusOptions& options,
                                bool open_metrics);

}  // namespace waybill::internal
