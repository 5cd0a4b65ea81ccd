// What a measurement costs the thread that makes it.
#include <waybill/core/core.h>
#include <waybill/metrics/metrics.h>

#include "bench/harness.h"

namespace {

using benchmark::ClobberMemory;
using waybill::Context;
using waybill::Scope;

// measure(i), in this context.
template <class Measure>
bench::Suite::Body calls(Measure measure, Context context = {}) {
  return [measure, context](benchmark::State& state) {
    const Scope scope{context};
    int i = 0;
    for (auto _ : state) {
      measure(++i);
      ClobberMemory();
    }
  };
}

// Values of a histogram in no order that a processor could learn.
double value_of(int i) {
  return static_cast<double>((static_cast<unsigned>(i) * 2654435761U) >> 18);
}

}  // namespace

int main(int argc, char** argv) {
  const waybill::Meter meter("bench");
  const auto counter = meter.counter("counter", {.unit = "{request}"});
  const auto histogram = meter.histogram("histogram", {.unit = "ms"});
  const auto exponential = meter.exponential_histogram("exponential", {.unit = "ms"});
  const auto gauge = meter.gauge("gauge");
  const auto bound = counter.bind({{"http.route", "/jobs/{id}"}});
  const auto bound_histogram = histogram.bind({{"http.route", "/jobs/{id}"}});
  const auto bound_exponential = exponential.bind({{"http.route", "/jobs/{id}"}});
  const auto bound_gauge = gauge.bind({{"http.route", "/jobs/{id}"}});
  const auto add = [bound](int) { bound.add(1); };
  const auto add_2_attributes = [counter](int) {
    counter.add(1, {{"http.route", "/jobs/{id}"}, {"http.response.status_code", 200}});
  };
  const auto record = [bound_histogram](int i) { bound_histogram.record(value_of(i)); };
  const Context sampled = Context::new_trace();

  bench::Suite suite("metrics");
  suite.add_time("counter_add", {.target_ns = 5}, calls(add));
  suite.add_time("counter_add_2_threads", {.target_ns = 5.5, .threads = 2}, calls(add));
  suite.add_time("counter_add_sampled", {.target_ns = 10}, calls(add, sampled));
  suite.add_time("counter_add_2_attributes", {.target_ns = 30}, calls(add_2_attributes));
  suite.add_time("counter_add_2_attributes_2_threads", {.target_ns = 33, .threads = 2},
                 calls(add_2_attributes));
  suite.add_time("gauge_set", {.target_ns = 5},
                 calls([bound_gauge](int i) { bound_gauge.set(i); }));
  suite.add_time("histogram_record", {.target_ns = 20}, calls(record));
  suite.add_time("histogram_record_2_threads", {.target_ns = 22, .threads = 2}, calls(record));
  suite.add_time("histogram_record_sampled", {.target_ns = 25}, calls(record, sampled));
  suite.add_time("exponential_histogram_record", {.target_ns = 40},
                 calls([bound_exponential](int i) { bound_exponential.record(value_of(i)); }));

  const auto routes = meter.counter("routes");
  for (int i = 0; i < 1'000; ++i) routes.add(1, {{"route", i}, {"method", "GET"}});
  suite.add_time("scrape_1000_points", {.target_ns = 2e6}, [](benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(waybill::prometheus_exposition().body.size());
  });
  return suite.run(argc, argv);
}
