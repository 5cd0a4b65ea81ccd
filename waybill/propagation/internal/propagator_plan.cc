#include <algorithm>
#include <string>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/propagation/b3.h>
#include <waybill/propagation/baggage.h>
#include <waybill/propagation/cloud_trace.h>
#include <waybill/propagation/datadog.h>
#include <waybill/propagation/internal/header_text.h>
#include <waybill/propagation/internal/propagator_plan.h>
#include <waybill/propagation/jaeger.h>
#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/tracestate.h>
#include <waybill/propagation/xray.h>

namespace waybill::internal {
namespace {

void add_headers(HeaderTable& table, Format format, const PropagatorOptions& options) {
  switch (format) {
    case Format::kTraceContext:
      table.add(kTraceparentHeader, kTraceparentNumber);
      table.add(kTracestateHeader, kTracestateNumber);
      return;
    case Format::kBaggage:
      table.add(kBaggageHeader, kBaggageNumber);
      return;
    case Format::kTraceIdHeader:
      for (std::size_t i = 0; i < options.trace_id_headers.size(); ++i) {
        table.add(options.trace_id_headers[i], kFirstTraceIdHeaderNumber + i);
      }
      return;
    case Format::kB3:
      table.add(kB3Header, kB3Number);
      return;
    case Format::kB3Multi:
      table.add(kB3TraceIdHeader, kB3TraceIdNumber);
      table.add(kB3SpanIdHeader, kB3SpanIdNumber);
      table.add(kB3ParentSpanIdHeader, kB3ParentSpanIdNumber);
      table.add(kB3SampledHeader, kB3SampledNumber);
      table.add(kB3FlagsHeader, kB3FlagsNumber);
      return;
    case Format::kJaeger:
      table.add(kUberTraceIdHeader, kUberTraceIdNumber);
      table.add(kJaegerBaggageHeader, kJaegerBaggageNumber);
      table.set_prefix(kUberContextPrefix);
      return;
    case Format::kXRay:
      table.add(kXRayHeader, kXRayNumber);
      return;
    case Format::kCloudTrace:
      table.add(kCloudTraceHeader, kCloudTraceNumber);
      return;
    case Format::kDatadog:
      table.add(kDatadogTraceIdHeader, kDatadogTraceIdNumber);
      table.add(kDatadogParentIdHeader, kDatadogParentIdNumber);
      table.add(kDatadogSamplingPriorityHeader, kDatadogPriorityNumber);
      table.add(kDatadogTagsHeader, kDatadogTagsNumber);
      table.add(kDatadogOriginHeader, kDatadogOriginNumber);
      return;
  }
}

void check(const PropagatorOptions& options) {
  const auto& names = options.trace_id_headers;
  if (names.size() > kMaxTraceIdHeaders) {
    throw Error::bad_option("trace_id_headers", std::to_string(names.size()) + " names",
                            "at most " + std::to_string(kMaxTraceIdHeaders));
  }
  for (const std::string& name : names) {
    if (!is_token(name) || name.size() > HeaderTable::kMaxNameSize) {
      throw Error::bad_option("trace_id_headers", name,
                              "a header name of at most " +
                                  std::to_string(HeaderTable::kMaxNameSize) +
                                  " letters, digits, - and _");
    }
  }
  if (std::ranges::count(options.travelling_fields, std::string_view()) != 0) {
    throw Error::bad_option("travelling_fields", "", "the keys of fields, or *");
  }
}

}  // namespace

PropagatorPlan::PropagatorPlan(PropagatorOptions given) : options(std::move(given)) {
  check(options);
  for (const Format format : read_formats()) {
    HeaderTable own;
    add_headers(own, format, options);
    std::uint32_t headers = 0;
    for (const HeaderTable::Entry& entry : own.entries()) {
      table.add(entry.name(), entry.header());
      headers |= std::uint32_t{1} << entry.header();
    }
    if (!own.prefix().empty()) table.set_prefix(own.prefix());
    if (format != Format::kBaggage) sources.push_back({format, headers});
  }
  all_fields_travel = std::ranges::count(options.travelling_fields, std::string_view("*")) != 0;
}

bool PropagatorPlan::travels(std::string_view key) const noexcept {
  return all_fields_travel || std::ranges::count(options.travelling_fields, key) != 0;
}

}  // namespace waybill::internal
