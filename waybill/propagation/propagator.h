// Propagator: writes a context into a carrier and reads it back, in all the formats that a service
// speaks.
//
//   Propagator propagator({.formats = {Format::kTraceContext, Format::kBaggage, Format::kB3}});
//   propagator.inject(Context::current(), carrier);
//   Scope scope{propagator.extract(carrier).child()};
//
// The functions inject() and extract() in propagation.h, and whatever is not given a propagator of
// its own, use default_propagator().
//
// An immutable value: copies share what they are made of, and every function may be called from any
// thread; of one carrier, only one at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/core/context.h>
#include <waybill/propagation/carrier.h>
#include <waybill/propagation/format.h>

namespace waybill {

struct PropagatorOptions {
  // inject() writes all of them. extract() takes the trace of the first that is there and valid.
  FormatList formats = {};
  // What extract() reads, where that is not the same.
  std::optional<FormatList> extract_formats = std::nullopt;

  // The headers of Format::kTraceIdHeader, at most eight: X-Request-ID, X-Correlation-ID, ... All
  // are written, and the first that is there and valid is read.
  std::vector<std::string> trace_id_headers = {"X-Trace-ID"};
  // How they spell a trace that has no name.
  TraceIdSpelling spelling = TraceIdSpelling::kHex;

  // Fields with these keys travel: to a trusted receiver they are written as baggage, with the
  // value as text, and from a trusted sender the baggage with these keys becomes fields, of type
  // string. "*" means every field, and every member of the baggage. Without Format::kBaggage no
  // field travels.
  std::vector<std::string> travelling_fields = {"job_id", "account_id", "lead_id", "task_name",
                                                "run_id"};
};

struct InjectOptions {
  // Whether the receiver may see baggage and fields, which can hold what must not leave the house.
  bool trusted = false;
};

struct ExtractOptions {
  // Whether the sender's baggage is taken over, and fields from it.
  bool trusted = false;
};

namespace internal {
struct PropagatorPlan;
}

class Propagator {
 public:
  // With the default options.
  Propagator();
  // Throws Error for a header name that is no token (RFC 9110 section 5.6.2) or is too long, for
  // too many of them, and for a travelling field without a name.
  explicit Propagator(PropagatorOptions options);

  // The default options with the formats that the environment variable OTEL_PROPAGATORS names, if
  // it is set and not empty. Throws Error for an unknown name in it.
  static Propagator from_environment();

  const PropagatorOptions& options() const noexcept;

  // Writes the context over what the carrier may have had in these formats. A context without a
  // trace writes no ids, one without a span only trace id headers. What would not be valid in a
  // header (a trace name with spaces, baggage with line breaks) is left out.
  void inject(const Context& context, Carrier& carrier, const InjectOptions& options = {}) const;

  // The sender's context: the trace, the sender's span as span_id, what is known of flags and
  // sampling, tracestate, trace name, and from a trusted sender baggage and fields. Make a child()
  // of it for what is done here.
  //
  // The trace is that of the first format in the list which is there and valid; what other formats
  // say is added where they speak of the same trace and the first does not say it (a trace name,
  // the sender's span). Of a trace id header alone nothing is known of the sender's span: span_id
  // is invalid, and a child() has no parent. A header that stands there twice is ambiguous and
  // taken for malformed, but for the lists tracestate and baggage.
  //
  // Where no trace is found, the context has baggage, fields and a sampling decision (B3 knows one
  // without ids), or is empty.
  Context extract(const Carrier& carrier, const ExtractOptions& options = {}) const;

  // Writes into the headers of a response what served the request: traceresponse (W3C Trace Context
  // Level 2 section 4.2) if Format::kTraceContext is among the formats, and the trace id headers.
  void inject_response(const Context& context, Carrier& carrier) const;

 private:
  std::shared_ptr<const internal::PropagatorPlan> plan_;
};

// The propagator of this process: the one that was set, else that of the environment. An unknown
// name in OTEL_PROPAGATORS is then left out, with a line on standard error that says so, once.
const Propagator& default_propagator();

// Set it before the first request; what has a copy of the former one keeps that. Thread-safe.
void set_default_propagator(Propagator propagator);

}  // namespace waybill
