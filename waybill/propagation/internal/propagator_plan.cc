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

struct KnownHeader {
  Format format;
  std::string_view name;
  HeaderNumber number;
};

constexpr KnownHeader kHeaders[] = {
    {Format::kTraceContext, kTraceparentHeader, kTraceparentNumber},
    {Format::kTraceContext, kTracestateHeader, kTracestateNumber},
    {Format::kBaggage, kBaggageHeader, kBaggageNumber},
    {Format::kB3, kB3Header, kB3Number},
    {Format::kB3Multi, kB3TraceIdHeader, kB3TraceIdNumber},
    {Format::kB3Multi, kB3SpanIdHeader, kB3SpanIdNumber},
    {Format::kB3Multi, kB3ParentSpanIdHeader, kB3ParentSpanIdNumber},
    {Format::kB3Multi, kB3SampledHeader, kB3SampledNumber},
    {Format::kB3Multi, kB3FlagsHeader, kB3FlagsNumber},
    {Format::kJaeger, kUberTraceIdHeader, kUberTraceIdNumber},
    {Format::kJaeger, kJaegerBaggageHeader, kJaegerBaggageNumber},
    {Format::kXRay, kXRayHeader, kXRayNumber},
    {Format::kCloudTrace, kCloudTraceHeader, kCloudTraceNumber},
    {Format::kDatadog, kDatadogTraceIdHeader, kDatadogTraceIdNumber},
    {Format::kDatadog, kDatadogParentIdHeader, kDatadogParentIdNumber},
    {Format::kDatadog, kDatadogSamplingPriorityHeader, kDatadogPriorityNumber},
    {Format::kDatadog, kDatadogTagsHeader, kDatadogTagsNumber},
    {Format::kDatadog, kDatadogOriginHeader, kDatadogOriginNumber},
};

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
  const auto is_b3 = [](Format format) {
    return format == Format::kB3 || format == Format::kB3Multi;
  };
  for (const Format format : read_formats()) {
    if (is_b3(format) && std::ranges::any_of(sources, is_b3, &Source::format)) continue;
    std::uint32_t headers = 0;
    const auto add = [&](std::string_view name, std::size_t number) {
      table.add(name, number);
      headers |= std::uint32_t{1} << number;
    };
    for (const KnownHeader& known : kHeaders) {
      // Who speaks one kind of B3 reads both (OpenTelemetry, "Propagators API", "B3 Extract").
      const bool is_wanted = known.format == format || (is_b3(known.format) && is_b3(format));
      if (is_wanted) add(known.name, known.number);
    }
    if (format == Format::kTraceIdHeader) {
      std::size_t number = kFirstTraceIdHeaderNumber;
      for (const std::string& name : options.trace_id_headers) add(name, number++);
    }
    if (format == Format::kJaeger) table.set_prefix(kUberContextPrefix);
    if (format != Format::kBaggage) sources.push_back({format, headers});
  }
  all_fields_travel = std::ranges::count(options.travelling_fields, std::string_view("*")) != 0;
}

bool PropagatorPlan::travels(std::string_view key) const noexcept {
  return all_fields_travel || std::ranges::count(options.travelling_fields, key) != 0;
}

}  // namespace waybill::internal
