// What the headers of a message say of its trace, format by format. Values that are there and not
// valid are counted.
#pragma once

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/propagation/format.h>
#include <waybill/propagation/header_lookup.h>
#include <waybill/propagation/internal/propagator_plan.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/remote_span.h>

namespace waybill::internal {

// One trace, from as many formats as speak of it. Views are into the headers, or into texts that
// live as long as the reader.
struct RemoteTrace {
  // What the context is made of; without a trace_id, there is none.
  TraceOptions options = {.span_id = SpanId()};
  std::string_view lineage = {};  // of X-Ray, and bound for the baggage

  bool has_trace() const noexcept { return options.trace_id.has_value(); }
  bool has_span() const noexcept { return options.span_id->is_valid(); }
};

class TraceReader {
 public:
  TraceReader(const PropagatorPlan& plan, const HeaderLookup& headers) noexcept
      : plan_(plan), headers_(headers) {}
  TraceReader(const TraceReader&) = delete;
  TraceReader& operator=(const TraceReader&) = delete;

  // By the plan's order: the first valid trace, with what others say of the same. Without one:
  // perhaps a sampling decision alone.
  void read(RemoteTrace& trace);

 private:
  // Each fills `trace`, which is fresh, and returns whether there was anything valid.
  bool read(Format format, RemoteTrace& trace);
  // Adds to `trace` what another format knows of it.
  void read_more(Format format, RemoteTrace& trace);
  bool read_trace_context(RemoteTrace& trace);
  bool read_trace_id_headers(RemoteTrace& trace) const;
  bool read_b3(RemoteTrace& trace) const;
  bool read_b3_multi(RemoteTrace& trace) const;
  bool read_jaeger(RemoteTrace& trace) const;
  bool read_xray(RemoteTrace& trace) const;
  bool read_cloud_trace(RemoteTrace& trace) const;
  bool read_datadog(RemoteTrace& trace);

  // The value of a header that is there and may be there once; empty, and counted, where it is
  // repeated.
  std::string_view single(std::size_t header, Rejection malformed) const;

  const PropagatorPlan& plan_;
  const HeaderLookup& headers_;
  std::forward_list<std::string> texts_;  // those that are not in the headers as they are
};

}  // namespace waybill::internal
