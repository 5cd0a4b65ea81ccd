// Spans: what takes how long, below what, and what failed.
#include <cstdio>
#include <stdexcept>

#include <waybill/core/core.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/trace.h>

static int fetch(int zip) {
  const auto span = waybill::span();  // named after the function
  return zip % 100;
}

static void draw(int job_id) {
  const waybill::Scope scope{waybill::Context::new_trace().with({{"job_id", job_id}})};
  auto span = waybill::span("draw", {{"zip_code", "98101"}});  // until the block ends
  span.set("temperature", fetch(98101));
  try {
    const auto attempt = waybill::span("save", {{"format", "png"}});
    throw std::runtime_error("disk full");  // fails the span whose block it leaves
  } catch (const std::exception& error) {
    span.record_exception(error);
  }
}

int main() {
  // A program exports with otlp_span_exporter() (waybill/otlp); this one looks for itself.
  const auto spans = waybill::memory_span_exporter();
  waybill::configure_tracing({.service = "weather", .exporters = {spans}});
  draw(7);
  waybill::flush();
  for (const waybill::SpanData& span : spans->take()) {
    std::printf("%s: %zu attributes, %s\n", span.name.c_str(), span.attributes.size(),
                span.status == waybill::SpanStatus::kError ? "failed" : "well");
  }
}
// Prints:
//   fetch: 1 attributes, well
//   save: 2 attributes, failed
//   draw: 3 attributes, failed
