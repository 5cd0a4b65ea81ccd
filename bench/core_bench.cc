// What every request pays at every step: reading the ambient context, opening a scope, making ids,
// writing and reading the headers.
#include <waybill/core/core.h>
#include <waybill/propagation/propagation.h>

#include "bench/harness.h"

namespace {

using benchmark::ClobberMemory;
using benchmark::DoNotOptimize;
using waybill::Context;
using waybill::Scope;

constexpr std::string_view kTraceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::string_view kTracestate = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7";

void context_read(benchmark::State& state) {
  const Scope scope{Context::new_trace()};
  for (auto _ : state) {
    const Context& current = Context::current();
    waybill::TraceId trace_id = current.trace_id();
    waybill::SpanId span_id = current.span_id();
    DoNotOptimize(trace_id);
    DoNotOptimize(span_id);
  }
}

void scope_enter_exit(benchmark::State& state) {
  const Context context = Context::new_trace();
  for (auto _ : state) {
    const Scope scope{context};
    ClobberMemory();
  }
}

void new_ids(benchmark::State& state) {
  for (auto _ : state) {
    waybill::TraceId trace_id = waybill::TraceId::random();
    waybill::SpanId span_id = waybill::SpanId::random();
    DoNotOptimize(trace_id);
    DoNotOptimize(span_id);
  }
}

// A context at hand into a buffer; reading the ambient one first is context_read.
void inject_traceparent(benchmark::State& state) {
  Context context = Context::new_trace();
  char buffer[waybill::kTraceparentSize];
  for (auto _ : state) {
    DoNotOptimize(context);
    DoNotOptimize(waybill::write_traceparent(context, buffer));
    ClobberMemory();
  }
}

void extract_traceparent(benchmark::State& state) {
  std::string_view header = kTraceparent;
  for (auto _ : state) {
    DoNotOptimize(header);
    auto parent = waybill::parse_traceparent(header);
    DoNotOptimize(parent);
  }
}

// A request's two headers, looked up by name and made into a whole remote Context.
class TwoHeaders final : public waybill::Carrier {
 public:
  std::optional<std::string_view> get(std::string_view key) const override {
    if (key == waybill::kTraceparentHeader) return kTraceparent;
    if (key == waybill::kTracestateHeader) return kTracestate;
    return std::nullopt;
  }
  bool offer_all(waybill::HeaderLookup& lookup) const override {
    lookup.offer(waybill::kTraceparentHeader, kTraceparent);
    lookup.offer(waybill::kTracestateHeader, kTracestate);
    return true;
  }
  void set(std::string_view, std::string_view) override {}
};

void extract_traceparent_tracestate(benchmark::State& state) {
  const TwoHeaders headers;
  for (auto _ : state) {
    Context remote = waybill::extract(headers);
    DoNotOptimize(remote);
  }
}

double hello_compile_seconds() {
  return bench::compile_seconds(R"(
    #include <waybill/core/core.h>
    int main() {
      const waybill::Scope scope{waybill::Context::new_trace().with({{"job_id", 42}})};
      return waybill::Context::current().has_trace() ? 0 : 1;
    }
  )");
}

}  // namespace

int main(int argc, char** argv) {
  bench::Suite suite("core");
  suite.add_time("context_read", {.target_ns = 2, .peer = "opentelemetry-cpp 60"}, context_read);
  suite.add_time("context_read_2_threads",
                 {.target_ns = 2, .peer = "opentelemetry-cpp 85-308", .threads = 2}, context_read);
  suite.add_time("scope_enter_exit", {.target_ns = 3, .peer = "opentelemetry-cpp 125"},
                 scope_enter_exit);
  suite.add_time("new_ids", {.target_ns = 3, .peer = "opentelemetry-cpp 12"}, new_ids);
  suite.add_time("inject_traceparent", {.target_ns = 2, .peer = "opentelemetry-cpp 63"},
                 inject_traceparent);
  suite.add_time("extract_traceparent", {.target_ns = 5, .peer = "opentelemetry-cpp 180"},
                 extract_traceparent);
  suite.add_time("extract_traceparent_tracestate",
                 {.target_ns = 50, .peer = "opentelemetry-cpp 1838"},
                 extract_traceparent_tracestate);
  suite.add_value("hello_compile_seconds",
                  {.unit = "s", .target = 0.5, .peer = "opentelemetry-cpp 2.5"},
                  hello_compile_seconds);
  return suite.run(argc, argv);
}
