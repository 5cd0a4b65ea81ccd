// What a span costs the thread that it runs on, and what is lost at a million spans a second.
//
// Spans come in bursts, between which the background thread empties the rings, as log_bench.cc has
// it for log calls.
#include <chrono>
#include <memory>

#include <waybill/core/core.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/self_metrics.h>
#include <waybill/trace/trace.h>

#include "bench/harness.h"

namespace {

using benchmark::ClobberMemory;
using waybill::Context;
using waybill::Sampling;
using waybill::Scope;
using namespace std::chrono_literals;

constexpr int kBurst = 1'000;

class Nowhere final : public waybill::SpanExporter {
 public:
  void consume(const waybill::EndedSpan&) noexcept override {}
};

enum class Tracing { kOff, kOn };

void set_up(Tracing tracing) {
  waybill::configure_pipeline({.ring_bytes = 1024 * 1024, .ring_bytes_limit = 64 * 1024 * 1024});
  waybill::TracingOptions options;
  if (tracing == Tracing::kOn) options.exporters = {std::make_shared<Nowhere>()};
  waybill::configure_tracing(options);
}

// `spans()` in bursts, below a span of a context with these fields.
template <class Spans>
bench::Suite::Body bursts(Spans spans, Tracing tracing, Sampling sampling, bool with_fields,
                          bool writes = true) {
  return [=](benchmark::State& state) {
    if (state.thread_index() == 0) set_up(tracing);
    const Context job = Context::new_trace({.sampling = sampling, .is_remote = true});
    const Scope scope{with_fields ? job.with({{"job_id", 42}}) : job};
    const auto above = waybill::span("job");
    const std::uint64_t lost = waybill::self_metrics().dropped.all();
    while (state.KeepRunningBatch(kBurst)) {
      for (int i = 0; i < kBurst; ++i) spans();
      state.PauseTiming();
      if (writes) waybill::flush();
      state.ResumeTiming();
    }
    waybill::flush();
    if (waybill::self_metrics().dropped.all() != lost) state.SkipWithError("spans were lost");
  };
}

void span_0() {
  const auto span = waybill::span("operation");
}

void span_4() {
  const auto span = waybill::span("operation", {{"http.request.method", "GET"},
                                                {"url.path", "/api/v1/users/12345"},
                                                {"server.address", "users.internal.example"},
                                                {"tenant.id", "tenant-0042"}});
}

// The share of a million spans a second, for three seconds, that is lost on the way to an exporter
// that does nothing.
double span_drops_at_1m() {
  waybill::configure_pipeline({});
  waybill::configure_tracing({.exporters = {std::make_shared<Nowhere>()}});
  waybill::flush();
  const std::uint64_t lost = waybill::self_metrics().dropped.all();
  constexpr int kSpans = 3'000'000;
  constexpr int kTogether = 100;  // each tenth of a millisecond
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kSpans; ++i) {
    if (i % kTogether == 0) {
      while (std::chrono::steady_clock::now() < begin + i * 1us) {
      }
    }
    span_4();
  }
  waybill::flush(60s);
  const std::uint64_t dropped = waybill::self_metrics().dropped.all() - lost;
  return 100.0 * static_cast<double>(dropped) / kSpans;
}

}  // namespace

int main(int argc, char** argv) {
  bench::Suite suite("trace");
  const auto add = [&suite](std::string name, bench::Time time, auto spans,
                            Tracing tracing = Tracing::kOn, Sampling sampling = Sampling::kSampled,
                            bool with_fields = false) {
    suite.add_added_time(std::move(name), std::move(time),
                         bursts(spans, tracing, sampling, with_fields),
                         bursts([] { ClobberMemory(); }, tracing, sampling, with_fields, false));
  };
  add("span_off", {.target_ns = 1, .peer = "opentelemetry-cpp 28"}, span_0, Tracing::kOff);
  add("span_unsampled", {.target_ns = 6, .peer = "opentelemetry-cpp 166"}, span_0, Tracing::kOn,
      Sampling::kDropped);
  add("span_recorded_0", {.target_ns = 25, .peer = "opentelemetry-cpp 344"}, span_0);
  add("span_recorded_4", {.target_ns = 60, .peer = "opentelemetry-cpp 566"}, span_4);
  add("span_recorded_0_2_threads", {.target_ns = 27.5, .threads = 2}, span_0);
  add("span_recorded_4_2_threads", {.target_ns = 66, .threads = 2}, span_4);
  // Below a context with fields, which its spans share.
  add("span_recorded_0_fields", {.target_ns = 27}, span_0, Tracing::kOn, Sampling::kSampled, true);
  suite.add_value("span_drops_at_1m", {.unit = "%", .target = 0, .peer = "opentelemetry-cpp 5"},
                  span_drops_at_1m);
  suite.add_value("span_unit_compile_s",
                  {.unit = "s", .target = 0.5, .peer = "opentelemetry-cpp 2.5"}, [] {
                    return bench::compile_seconds(
                        "#include <waybill/trace/tracer.h>\n"
                        "int main() { auto s = waybill::span(\"x\"); }\n");
                  });
  return suite.run(argc, argv);
}
