#include <limits>
#include <string>
#include <vector>

#include <waybill/otlp/metric_encoder.h>

#include "tests/interop/otlp_reference/random_values.h"
#include "tests/interop/otlp_reference/samples.h"

namespace waybill::test {
namespace {

using nlohmann::json;

std::vector<std::uint64_t> random_counts(int most) {
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(*rc::gen::inRange(0, most + 1)));
  for (std::uint64_t& count : counts) count = *rc::gen::arbitrary<std::uint64_t>();
  return counts;
}

json describe_counts(const std::vector<std::uint64_t>& counts) {
  json all = json::array();
  for (const std::uint64_t count : counts) all.push_back(std::to_string(count));
  return all;
}

MetricNumber random_number() {
  if (*rc::gen::arbitrary<bool>()) return random_int();
  return random_double();
}

json describe_number(const MetricNumber& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) {
    return {"int", std::to_string(*integer)};
  }
  return describe(std::get<double>(number));
}

// What all points have.
json fill(MetricPoint& point) {
  point.attributes = random_owned_attributes();
  if (*rc::gen::arbitrary<bool>()) point.start = random_time();
  point.time = random_time();
  json exemplars = json::array();
  for (int i = *rc::gen::inRange(0, 3); i > 0; --i) {
    const bool has_trace = *rc::gen::arbitrary<bool>();
    const Exemplar& exemplar = point.exemplars.emplace_back(
        Exemplar{.time = random_time(),
                 .value = random_number(),
                 .trace_id = has_trace ? random_id<TraceId>() : TraceId(),
                 .span_id = has_trace ? random_id<SpanId>() : SpanId(),
                 .attributes = random_owned_attributes()});
    exemplars.push_back({{"time", nanoseconds_of(exemplar.time)},
                         {"value", describe_number(exemplar.value)},
                         {"trace_id", id_of(exemplar.trace_id)},
                         {"span_id", id_of(exemplar.span_id)},
                         {"attributes", describe_all(exemplar.attributes)}});
  }
  return {{"attributes", describe_all(point.attributes)},
          {"start", nanoseconds_of(point.start)},
          {"time", nanoseconds_of(point.time)},
          {"exemplars", exemplars}};
}

// What both sorts of histograms have.
template <class Point>
json fill_histogram(Point& point) {
  point.count =
      *rc::gen::element<std::uint64_t>(0, 1, 7, std::numeric_limits<std::uint64_t>::max());
  point.sum = random_double();
  point.min = random_double();
  point.max = random_double();
  json description = fill(point);
  description["count"] = std::to_string(point.count);
  description["sum"] = describe(point.sum);
  description["min"] = describe(point.min);
  description["max"] = describe(point.max);
  return description;
}

json random_point(NumberPoint& point) {
  point.value = random_number();
  json description = fill(point);
  description["value"] = describe_number(point.value);
  return description;
}

json random_point(HistogramPoint& point) {
  json description = fill_histogram(point);
  point.buckets = random_counts(6);
  point.bounds.resize(point.buckets.empty() ? 0 : point.buckets.size() - 1);
  json bounds = json::array();
  for (double& bound : point.bounds) bounds.push_back(describe(bound = random_double()));
  description["bounds"] = bounds;
  description["buckets"] = describe_counts(point.buckets);
  return description;
}

json random_point(ExponentialHistogramPoint& point) {
  json description = fill_histogram(point);
  point.scale = *rc::gen::inRange(-10, 21);
  point.zero_count = *rc::gen::arbitrary<std::uint64_t>();
  point.zero_threshold = *rc::gen::element(0.0, 1e-9);
  for (ExponentialHistogramPoint::Side* side : {&point.positive, &point.negative}) {
    side->buckets = random_counts(5);
    if (!side->buckets.empty()) side->offset = *rc::gen::inRange(-1000, 1000);
  }
  const auto side = [](const ExponentialHistogramPoint::Side& it) {
    return json{{"offset", it.offset}, {"buckets", describe_counts(it.buckets)}};
  };
  description["scale"] = point.scale;
  description["zero_count"] = std::to_string(point.zero_count);
  description["zero_threshold"] = describe(point.zero_threshold);
  description["positive"] = side(point.positive);
  description["negative"] = side(point.negative);
  return description;
}

template <class Point>
json random_points(MetricData& metric) {
  json all = json::array();
  std::vector<Point> points(static_cast<std::size_t>(*rc::gen::inRange(1, 4)));
  for (Point& point : points) all.push_back(random_point(point));
  metric.points = std::move(points);
  return all;
}

json random_metric(MetricData& metric) {
  metric.name = random_text();
  metric.unit = *rc::gen::element<std::string>("", "ms", "\xc2\xb5s");
  metric.description = random_text();
  metric.kind = static_cast<MetricKind>(*rc::gen::inRange(0, 5));
  metric.temporality = static_cast<Temporality>(*rc::gen::inRange(1, 3));
  metric.scope = {.name = *rc::gen::element<std::string>("", "lib"), .version = {}};
  static const char* const kKinds[] = {"counter", "up_down_counter", "gauge", "histogram",
                                       "exponential_histogram"};
  json points;
  switch (metric.kind) {
    case MetricKind::kHistogram:
      points = random_points<HistogramPoint>(metric);
      break;
    case MetricKind::kExponentialHistogram:
      points = random_points<ExponentialHistogramPoint>(metric);
      break;
    default:
      points = random_points<NumberPoint>(metric);
  }
  return {{"name", hex_of(metric.name)},
          {"unit", hex_of(metric.unit)},
          {"description", hex_of(metric.description)},
          {"kind", kKinds[static_cast<std::size_t>(metric.kind)]},
          {"temporality", static_cast<int>(metric.temporality)},
          {"scope", {{"name", hex_of(metric.scope.name)}, {"version", ""}}},
          {"points", points}};
}

}  // namespace

Sample random_metrics() {
  MetricSnapshot snapshot{.resource = random_resource(), .metrics = {}};
  json metrics = json::array();
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    metrics.push_back(random_metric(snapshot.metrics.emplace_back()));
  }
  Sample sample{.description = {{"signal", "metrics"},
                                {"resource", describe(snapshot.resource)},
                                {"records", metrics}},
                .request = {}};
  encode_metrics(snapshot, std::numeric_limits<std::size_t>::max(),
                 [&](WireBuffer& request, std::size_t) { sample.request += request.view(); });
  return sample;
}

}  // namespace waybill::test
