#include <limits>
#include <vector>

#include <waybill/core/scope.h>
#include <waybill/metrics/metrics.h>

#include "tests/interop/telemetry/recorded.h"

namespace waybill::telemetry_peer {
namespace {

using nlohmann::json;

constexpr int kCumulative = 2;

json metric(const char* name, const char* unit, const char* description, const char* kind,
            json data) {
  json said = {{"name", name},
               {"unit", unit},
               {"description", description},
               {"scope", {{"name", kLibrary}, {"version", kVersion}}},
               {kind, std::move(data)}};
  if (*unit == '\0') said.erase("unit");
  return said;
}

json sum(bool is_monotonic, json points) {
  json said = {{"aggregationTemporality", kCumulative}, {"dataPoints", std::move(points)}};
  if (is_monotonic) said["isMonotonic"] = true;
  return said;
}

json point(json attributes, const char* type, json value) {
  json said = {{"startTimeUnixNano", "*"}, {"timeUnixNano", "*"}, {type, std::move(value)}};
  if (!attributes.empty()) said["attributes"] = std::move(attributes);
  return said;
}

json gauge(json attributes, const char* type, json value) {
  json said = point(std::move(attributes), type, std::move(value));
  said.erase("startTimeUnixNano");
  return {{"dataPoints", json::array({said})}};
}

json exemplar(const Context& context, const char* type, json value) {
  return {{"timeUnixNano", "*"},
          {type, std::move(value)},
          {"traceId", context.trace_id().to_hex()},
          {"spanId", context.span_id().to_hex()}};
}

json record_sums(const Meter& meter) {
  const Counter requests = meter.counter("requests", {"{request}", "Requests by route."});
  requests.add(1, {{"http.route", "/"}, {"cached", false}});
  requests.add(5, {{"http.route", "/wetter/{ort}"}});
  const Context request = remote_trace();
  {
    const Scope scope{request};
    requests.add(3, {{"http.route", "/"}, {"cached", false}});
  }
  json of_root = point({{"http.route", text("/")}, {"cached", truth(false)}}, "asInt", "4");
  of_root["exemplars"] = json::array({exemplar(request, "asInt", "3")});
  json points =
      json::array({of_root, point({{"http.route", text("/wetter/{ort}")}}, "asInt", "5")});

  meter.double_counter("cost", {"CHF", "What it costs."}).add(0.25);
  meter.up_down_counter("open", {"{connection}", "Connections."}).add(-7);
  meter.double_up_down_counter("balance", {"CHF", "Money."}).add(-0.5);
  return {metric("requests", "{request}", "Requests by route.", "sum", sum(true, points)),
          metric("cost", "CHF", "What it costs.", "sum",
                 sum(true, json::array({point({}, "asDouble", 0.25)}))),
          metric("open", "{connection}", "Connections.", "sum",
                 sum(false, json::array({point({}, "asInt", "-7")}))),
          metric("balance", "CHF", "Money.", "sum",
                 sum(false, json::array({point({}, "asDouble", -0.5)})))};
}

json record_gauges(const Meter& meter) {
  meter.gauge("temperature", {"Cel", "Outside – draußen."}).set(-3.5, {{"station", "Zürich"}});
  meter.int_gauge("version", {"", "Of the data."}).set(std::numeric_limits<std::int64_t>::max());
  meter
      .observable_gauge("depth", {"{message}", "Of the queue."},
                        [](Observer& observer) {
                          observer.observe(12, {{"queue", "orders"}});
                        })
      .keep();
  return {metric("temperature", "Cel", "Outside – draußen.", "gauge",
                 gauge({{"station", text("Zürich")}}, "asDouble", -3.5)),
          metric("version", "", "Of the data.", "gauge", gauge({}, "asInt", "9223372036854775807")),
          metric("depth", "{message}", "Of the queue.", "gauge",
                 gauge({{"queue", text("orders")}}, "asInt", "12"))};
}

json record_histogram(const Meter& meter) {
  const Histogram latency = meter.histogram(
      "latency", {.unit = "s", .description = "How long.", .bounds = {0.5, 1, 2.5}});
  latency.record(0.25);
  latency.record(1);  // bounds are inclusive
  const Context request = remote_trace();
  {
    const Scope scope{request};
    latency.record(10);
  }
  json said = point({}, "sum", 11.25);
  said.update({{"count", "3"},
               {"min", 0.25},
               {"max", 10},
               {"explicitBounds", {0.5, 1, 2.5}},
               {"bucketCounts", {"1", "1", "0", "1"}},
               {"exemplars", json::array({exemplar(request, "asDouble", 10)})}});
  return metric("latency", "s", "How long.", "histogram",
                {{"aggregationTemporality", kCumulative}, {"dataPoints", json::array({said})}});
}

json record_exponential_histogram(const Meter& meter) {
  const Histogram sizes = meter.exponential_histogram(
      "size", {.unit = "By", .description = "How large.", .max_buckets = 4});
  for (const double value : {1., 2., 4., 8., 0., -4.}) sizes.record(value);
  json said = point({}, "sum", 11);
  // With four buckets, powers of two have a bucket each at scale 0: (2^i, 2^(i+1)], i from -1 to 2.
  said.update({{"count", "6"},
               {"min", -4},
               {"max", 8},
               {"zeroCount", "1"},
               {"positive", {{"offset", -1}, {"bucketCounts", {"1", "1", "1", "1"}}}},
               {"negative", {{"offset", 1}, {"bucketCounts", json::array({"1"})}}}});
  return metric("size", "By", "How large.", "exponentialHistogram",
                {{"aggregationTemporality", kCumulative}, {"dataPoints", json::array({said})}});
}

}  // namespace

json record_metrics() {
  const Meter meter(kLibrary, kVersion);
  json metrics = record_sums(meter);
  for (json& said : record_gauges(meter)) metrics.push_back(std::move(said));
  metrics.push_back(record_histogram(meter));
  metrics.push_back(record_exponential_histogram(meter));
  return metrics;
}

}  // namespace waybill::telemetry_peer
