// What a Propagator is made of, checked and prepared once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <waybill/propagation/header_lookup.h>
#include <waybill/propagation/internal/header_table.h>
#include <waybill/propagation/propagator.h>

namespace waybill::internal {

// The numbers of headers in the table.
enum HeaderNumber : std::size_t {
  kTraceparentNumber,
  kTracestateNumber,
  kBaggageNumber,
  kB3Number,
  kB3TraceIdNumber,
  kB3SpanIdNumber,
  kB3ParentSpanIdNumber,
  kB3SampledNumber,
  kB3FlagsNumber,
  kUberTraceIdNumber,
  kJaegerBaggageNumber,
  kXRayNumber,
  kCloudTraceNumber,
  kDatadogTraceIdNumber,
  kDatadogParentIdNumber,
  kDatadogPriorityNumber,
  kDatadogTagsNumber,
  kDatadogOriginNumber,
  kFirstTraceIdHeaderNumber,  // and one for each of trace_id_headers
};
inline constexpr std::size_t kMaxTraceIdHeaders = 8;
static_assert(kFirstTraceIdHeaderNumber + kMaxTraceIdHeaders <= HeaderLookup::kMaxHeaders);

struct PropagatorPlan {
  // Throws Error for options that are not valid.
  explicit PropagatorPlan(PropagatorOptions options);

  const FormatList& read_formats() const noexcept {
    return options.extract_formats ? *options.extract_formats : options.formats;
  }
  bool travels(std::string_view key) const noexcept;

  // A format to be read, and the headers it has, as bits of HeaderLookup::found().
  struct Source {
    Format format;
    std::uint32_t headers;
  };

  PropagatorOptions options;
  HeaderTable table;            // of read_formats()
  std::vector<Source> sources;  // the same, but for the baggage
  bool all_fields_travel = false;
};

}  // namespace waybill::internal
