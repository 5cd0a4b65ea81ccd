// For tests: finding one point in a snapshot.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/metrics/metering.h>

namespace waybill::internal {

inline const MetricData* find_metric(const MetricSnapshot& snapshot, std::string_view meter,
                                     std::string_view name) {
  for (const MetricData& metric : snapshot.metrics) {
    if (metric.scope.name == meter && metric.name == name) return &metric;
  }
  return nullptr;
}

template <class Point>
std::vector<Point> points_in(const MetricSnapshot& snapshot, std::string_view meter,
                             std::string_view name) {
  const MetricData* metric = find_metric(snapshot, meter, name);
  return metric != nullptr ? std::get<std::vector<Point>>(metric->points) : std::vector<Point>();
}

// What a meter's instrument stands at now.
template <class Point>
std::vector<Point> points_of(std::string_view meter, std::string_view name) {
  return points_in<Point>(collect(), meter, name);
}

// As text, in the order of the snapshot: "a=1,b=x: 5".
inline std::string text_of(const OwnedAttributeValue& value) {
  return std::visit(
      []<class T>(const T& it) -> std::string {
        if constexpr (std::is_same_v<T, std::string>) {
          return it;
        } else if constexpr (std::is_same_v<T, bool>) {
          return it ? "true" : "false";
        } else if constexpr (std::is_arithmetic_v<T>) {
          return FieldValue(it).to_string();
        } else {
          return "a list";
        }
      },
      value);
}

inline std::string text_of(const std::vector<OwnedAttribute>& attributes) {
  std::string text;
  for (const OwnedAttribute& attribute : attributes) {
    text += (text.empty() ? "" : ",") + attribute.key + '=' + text_of(attribute.value);
  }
  return text;
}

inline std::string text_of(const NumberPoint& point) {
  return text_of(point.attributes) + ": " +
         std::visit([](auto value) { return FieldValue(value).to_string(); }, point.value);
}

// All points of a sum or gauge, sorted.
inline std::vector<std::string> numbers_of(std::string_view meter, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& point : points_of<NumberPoint>(meter, name)) texts.push_back(text_of(point));
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace waybill::internal
