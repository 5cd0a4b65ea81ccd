// Samplers: which traces are recorded.
//
//   waybill::configure_tracing({
//       .service = "weather",
//       .sampler = waybill::parent_based_sampler(waybill::probability_sampler(0.1)),
//       .exporters = {...}});
//
//   always_on_sampler(), always_off_sampler()
//   parent_based_sampler()    what those before have decided; another sampler where nobody has
//   probability_sampler()     a share of all traces, the same ones in every process
//   rate_limiting_sampler()   so many traces a second
//   rule_sampler()            another sampler by name, kind and attributes
//
// A sampler is asked for local roots alone (sampler.h). Only parent_based_sampler() asks what the
// parent's decision was; each of the others by itself cuts traces in pieces that began elsewhere.
// None changes Sampling::kDebug: such a trace stays what it is.
//
// OpenTelemetry's tracestate member `ot` tells by its sub-key `th` with what probability a trace
// was sampled ("TraceState: Probability Sampling"), so that what is counted in sampled spans can be
// scaled up. These samplers keep it true: each sets it where it knows the probability, and removes
// another's where it does not hold any more.
//
// All functions throw Error for what they cannot use.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <waybill/trace/attribute.h>
#include <waybill/trace/sampler.h>
#include <waybill/trace/span_kind.h>

namespace waybill {

std::shared_ptr<Sampler> always_on_sampler();
std::shared_ptr<Sampler> always_off_sampler();

// What is asked where the parent, which is another process's, was sampled and where it was not.
// Null: as the parent.
struct ParentBasedOptions {
  std::shared_ptr<Sampler> remote_sampled = nullptr;
  std::shared_ptr<Sampler> remote_not_sampled = nullptr;
};

// As the parent; `root` is asked where a trace begins of which nothing was decided before
// (Context::with_sampling()), and where what arrived leaves the decision to the receiver
// (Sampling::kUndecided). A `th` that contradicts the parent's decision is removed. This with
// always_on_sampler() is what a null sampler in TracingOptions means.
std::shared_ptr<Sampler> parent_based_sampler(std::shared_ptr<Sampler> root,
                                              ParentBasedOptions options = {});

// A share of all traces, 0 to 1 (OpenTelemetry's TraceIdRatioBased). The decision is made by 56
// random bits that belong to the trace, so that every process which samples this share decides
// alike, and one that samples more has all the traces of one that samples less. The bits are the
// sub-key `rv` of `ot`, where it is given; else the last seven bytes of the trace id.
//
// An id without the random flag (W3C Trace Context Level 2, section 3.2.2.5.2) is taken for random
// all the same, as OpenTelemetry has it ("Presumption of TraceID randomness"): most often the flag
// was lost on its way. It holds for ids that follow from a trace's name too, by which processes
// that know the name alone decide alike. Ids that somebody counts up, give `rv`.
//
// The share is exact to four significant hexadecimal digits, as OpenTelemetry's is; less than 2^-56
// is none. Where the trace is sampled, `th` becomes this share.
std::shared_ptr<Sampler> probability_sampler(double ratio);

// So many local roots a second in the long run, and at most `burst` at once after a quiet time: a
// token bucket. `burst` 0: what one second brings, at least one. 0.000001 to 1,000,000 a second;
// to save up a whole burst may take a year at most.
std::shared_ptr<Sampler> rate_limiting_sampler(double per_second, std::uint32_t burst = 0);

// Applies to a span that has all of this.
struct SamplingRule {
  // Of the span. A `*` stands for any text, also for none.
  std::string name = "*";
  std::optional<SpanKind> kind = std::nullopt;
  // That the span is begun with. Texts are patterns as `name` is; numbers are equal in value,
  // whatever their type. Lists cannot be asked for.
  std::vector<OwnedAttribute> attributes = {};
  std::shared_ptr<Sampler> sampler = nullptr;
};

// The sampler of the first rule that applies; `fallback` where none does. Health checks never, also
// where the caller samples them; payments always; of the rest a tenth:
//
//   rule_sampler({{.name = "GET /health*", .sampler = always_off_sampler()},
//                 {.attributes = {{"url.path", "/pay*"}}, .sampler = always_on_sampler()}},
//                parent_based_sampler(probability_sampler(0.1)));
std::shared_ptr<Sampler> rule_sampler(std::vector<SamplingRule> rules,
                                      std::shared_ptr<Sampler> fallback);

}  // namespace waybill
