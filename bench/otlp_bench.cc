// What it costs to encode a span for OTLP, and what a process spends on a span all in all, from its
// beginning to the collector's answer.
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <sys/resource.h>

#include <waybill/core/core.h>
#include <waybill/otlp/exporters.h>
#include <waybill/otlp/otlp_metrics.h>
#include <waybill/otlp/span_encoder.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/pipeline/self_metrics.h>
#include <waybill/trace/trace.h>

#include "bench/harness.h"
#include "bench/http_sink.h"

namespace {

using namespace std::chrono_literals;

constexpr int kRequest = 512;  // spans

// Keeps the encoded attributes of the last span.
class Sample final : public waybill::SpanExporter {
 public:
  void consume(const waybill::EndedSpan& span) noexcept override { encoded_ = span.encoded; }
  const std::string& encoded() const noexcept { return encoded_; }

 private:
  std::string encoded_;
};

void span_4() {
  const auto span = waybill::span("operation", {{"http.request.method", "GET"},
                                                {"url.path", "/api/v1/users/12345"},
                                                {"server.address", "users.internal.example"},
                                                {"tenant.id", "tenant-0042"}});
}

std::string encoded_attributes(int count) {
  if (count == 0) return {};
  const auto sample = std::make_shared<Sample>();
  waybill::configure_tracing({.exporters = {sample}});
  span_4();
  waybill::flush();
  waybill::configure_tracing({});
  return sample->encoded();
}

bench::Suite::Body encode(int attributes) {
  return [attributes](benchmark::State& state) {
    const std::string encoded = encoded_attributes(attributes);
    const waybill::Resource resource{.service_name = "bench"};
    const waybill::InstrumentationScope scope;
    const auto now = std::chrono::system_clock::now();
    waybill::EndedSpan span{.trace_id = waybill::TraceId::random(),
                            .span_id = waybill::SpanId::random(),
                            .parent_span_id = waybill::SpanId::random(),
                            .flags = waybill::TraceFlags(1),
                            .name = "operation",
                            .start = now,
                            .end = now + 1ms,
                            .trace_name = {},
                            .tracestate = {},
                            .context_fields = {},
                            .encoded = encoded,
                            .resource = resource,
                            .scope = scope};
    waybill::SpanEncoder encoder;
    waybill::WireBuffer request;
    while (state.KeepRunningBatch(kRequest)) {
      for (int i = 0; i < kRequest; ++i) encoder.add(span);
      encoder.end_of_batch();
      encoder.take(request);
      benchmark::DoNotOptimize(request.view().data());
    }
  };
}

double cpu_nanoseconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec);
  const auto micros = static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  return seconds * 1e9 + micros * 1e3;
}

constexpr int kSpans = 1'000'000;

// Two seconds at 500,000 spans a second.
template <class Work>
double cpu_of_pacing(Work work) {
  const double before = cpu_nanoseconds();
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kSpans; ++i) {
    if (i % 100 == 0) {
      while (std::chrono::steady_clock::now() < begin + i * 2us) {
        const timespec pause{0, 50'000};
        nanosleep(&pause, nullptr);
      }
    }
    work();
  }
  waybill::flush(60s);
  return cpu_nanoseconds() - before;
}

// What a process spends on them more than on the pauses between them, with a collector that reads
// and answers.
double export_cpu_4(std::uint16_t port) {
  waybill::configure_pipeline({.ring_bytes_limit = 64 * 1024 * 1024,
                               .when_full = waybill::WhenFull::kWait,
                               .longest_wait = 60s});
  waybill::configure_tracing(
      {.service = "bench",
       .exporters = {waybill::otlp_span_exporter(
           {.endpoint = "http://127.0.0.1:" + std::to_string(port), .environment = false})}});
  for (int i = 0; i < 10'000; ++i) span_4();  // connections, memory
  waybill::flush(60s);
  const std::uint64_t before = waybill::otlp_metrics().traces.exported;
  const double cpu = cpu_of_pacing(span_4);
  const std::uint64_t exported = waybill::otlp_metrics().traces.exported - before;
  waybill::configure_tracing({});
  const double pauses = cpu_of_pacing([] { benchmark::ClobberMemory(); });
  if (exported != kSpans) std::fprintf(stderr, "otlp_export_cpu_4: not all were exported\n");
  return (cpu - pauses) / kSpans;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::HttpSink collector;  // a process of its own
  bench::Suite suite("otlp");
  suite.add_time("otlp_encode_0", {.target_ns = 60}, encode(0));
  suite.add_time("otlp_encode_4", {.target_ns = 80, .peer = "opentelemetry-cpp 743"}, encode(4));
  suite.add_measured_time("otlp_export_cpu_4", {.target_ns = 300, .peer = "opentelemetry-cpp 3400"},
                          [&] { return export_cpu_4(collector.port()); });
  return suite.run(argc, argv);
}
