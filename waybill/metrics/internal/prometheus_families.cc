#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <waybill/metrics/internal/classic_histogram.h>
#include <waybill/metrics/internal/prometheus_families.h>
#include <waybill/metrics/internal/prometheus_names.h>
#include <waybill/metrics/internal/wrapping_sum.h>

namespace waybill::internal {
namespace {

FamilyType type_of(MetricKind kind) noexcept {
  switch (kind) {
    case MetricKind::kCounter:
      return FamilyType::kCounter;
    case MetricKind::kUpDownCounter:
    case MetricKind::kGauge:
      return FamilyType::kGauge;
    default:
      return FamilyType::kHistogram;
  }
}

std::vector<std::string> taken_names(const Family& family, bool open_metrics) {
  std::vector<std::string> names;
  const auto take = [&](std::initializer_list<std::string_view> suffixes) {
    for (const std::string_view suffix : suffixes)
      names.push_back(family.name + std::string(suffix));
  };
  switch (family.type) {
    case FamilyType::kCounter:
      take({"_total"});
      if (open_metrics) take({"", "_created"});
      break;
    case FamilyType::kGauge:
      take({""});
      break;
    case FamilyType::kHistogram:
      take({"", "_bucket", "_sum", "_count"});
      if (open_metrics) take({"_created"});
      break;
  }
  return names;
}

double as_double(const MetricNumber& value) noexcept {
  return std::visit([](auto number) { return static_cast<double>(number); }, value);
}

void add(NumberPoint& to, const NumberPoint& other) {
  auto* sum = std::get_if<std::int64_t>(&to.value);
  const auto* more = std::get_if<std::int64_t>(&other.value);
  if (sum != nullptr && more != nullptr) {
    *sum = wrapping_sum(*sum, *more);
  } else {
    to.value = as_double(to.value) + as_double(other.value);
  }
}

// Collects the members of one family, each label set once.
class FamilyBuilder {
 public:
  FamilyBuilder(Family& family, bool is_last_value) : family_(family), last_(is_last_value) {}

  void put(std::string labels, const NumberPoint& point) {
    NumberPoint* there = put_new(std::move(labels), point);
    if (there == nullptr) return;
    if (last_) {
      there->value = point.value;
    } else {
      add(*there, point);
    }
  }

  void put(std::string labels, const HistogramPoint& point) {
    settle(labels);
    if (HistogramPoint* there = put_new(std::move(labels), point)) add_histogram(*there, point);
  }

  // Added up as long as they are among themselves: their buckets tell more than classic ones.
  void put(std::string labels, const ExponentialHistogramPoint& point) {
    const auto exponential = exponentials_.find(labels);
    if (exponential != exponentials_.end() && add_histogram(exponential->second, point)) {
      combine(exponential->second, point);
    } else if (by_labels_.contains(labels)) {
      put(std::move(labels), classic_histogram(point));
    } else {
      exponentials_.emplace(labels, point);
      put_new(std::move(labels), HistogramPoint());
    }
  }

  void finish() {
    while (!exponentials_.empty()) settle(std::string(exponentials_.begin()->first));
  }

 private:
  static void combine(MetricPoint& there, const MetricPoint& point) {
    there.start = std::min(there.start, point.start);
    there.exemplars.insert(there.exemplars.end(), point.exemplars.begin(), point.exemplars.end());
  }

  // The one that is there already, or null.
  template <class Point>
  Point* put_new(std::string labels, const Point& point) {
    const auto [it, added] = by_labels_.try_emplace(labels, family_.members.size());
    if (added) {
      family_.members.push_back({std::move(labels), point});
      return nullptr;
    }
    auto* there = std::get_if<Point>(&family_.members[it->second].point);
    if (there != nullptr) combine(*there, point);
    return there;
  }

  // Makes a classic one of what has been added up.
  void settle(const std::string& labels) {
    const auto exponential = exponentials_.extract(labels);
    if (exponential.empty()) return;
    family_.members[by_labels_.at(labels)].point = classic_histogram(exponential.mapped());
  }

  Family& family_;
  bool last_;
  std::unordered_map<std::string, std::size_t> by_labels_;
  std::unordered_map<std::string, ExponentialHistogramPoint> exponentials_;
};

std::string labels_of(const MetricData& metric, const MetricPoint& point, FamilyType type,
                      const PrometheusOptions& options) {
  Labels labels(type == FamilyType::kHistogram ? "le" : "");
  for (const OwnedAttribute& attribute : point.attributes) labels.add(attribute);
  if (options.scope_labels) {
    labels.add("otel_scope_name", metric.scope.name);
    labels.add("otel_scope_version", metric.scope.version);
  }
  return labels.text();
}

void add_points(FamilyBuilder& to, const MetricData& metric, FamilyType type,
                const PrometheusOptions& options) {
  std::visit(
      [&](const auto& points) {
        for (const auto& point : points) to.put(labels_of(metric, point, type, options), point);
      },
      metric.points);
}

}  // namespace

std::vector<Family> families_of(const MetricSnapshot& snapshot, const PrometheusOptions& options,
                                bool open_metrics) {
  std::vector<Family> families;
  std::vector<FamilyBuilder> builders;
  std::map<std::string, std::size_t> by_name;
  std::set<std::string> taken = {"target_info", "target"};
  families.reserve(snapshot.metrics.size());  // builders refer to them
  for (const MetricData& metric : snapshot.metrics) {
    if (metric.kind != MetricKind::kGauge && metric.temporality == Temporality::kDelta) continue;
    const FamilyName name = family_name(metric);
    const FamilyType type = type_of(metric.kind);
    const std::string key = name.name + (type == FamilyType::kCounter ? "_total" : "");
    auto found = by_name.find(key);
    if (found != by_name.end() && families[found->second].type != type) continue;
    if (found == by_name.end()) {
      Family family{name.name, name.unit, metric.description, type, {}};
      const std::vector<std::string> names = taken_names(family, open_metrics);
      if (std::any_of(names.begin(), names.end(),
                      [&taken](const std::string& it) { return taken.contains(it); })) {
        continue;
      }
      taken.insert(names.begin(), names.end());
      found = by_name.emplace(key, families.size()).first;
      families.push_back(std::move(family));
      builders.emplace_back(families.back(), metric.kind == MetricKind::kGauge);
    }
    add_points(builders[found->second], metric, type, options);
  }
  for (FamilyBuilder& builder : builders) builder.finish();
  return families;
}

}  // namespace waybill::internal
