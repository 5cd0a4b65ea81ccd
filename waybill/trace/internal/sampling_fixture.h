// For tests of samplers: a question, and where its parts come from.
#pragma once

#include <string_view>
#include <vector>

#include <waybill/trace/sampler.h>

namespace waybill::internal {

// A span that is to begin under a parent, or with a new trace.
struct Asked {
  Context parent = {};
  TraceId trace_id = TraceId::random();
  std::string_view name = "GET /users";
  SpanKind kind = SpanKind::kServer;
  std::vector<Attribute> attributes = {};

  SamplingAnswer by(Sampler& sampler) const {
    return sampler.decide({.parent = parent,
                           .trace_id = parent.has_trace() ? parent.trace_id() : trace_id,
                           .flags = parent.flags(),
                           .name = name,
                           .kind = kind,
                           .attributes = attributes});
  }
};

inline Context remote_parent(Sampling sampling, std::string_view tracestate = {},
                             TraceId trace_id = TraceId::random()) {
  return Context::new_trace(
      {.trace_id = trace_id, .sampling = sampling, .is_remote = true, .tracestate = tracestate});
}

// Whose randomness, as samplers see it, is this.
inline TraceId id_with_randomness(std::uint64_t randomness) {
  std::uint8_t bytes[TraceId::kSize] = {1};
  for (int i = 0; i < 7; ++i) bytes[15 - i] = static_cast<std::uint8_t>(randomness >> 8 * i);
  return TraceId(bytes);
}

// What the tracestate is after the answer.
inline std::string_view tracestate_after(const SamplingAnswer& answer, const Context& parent) {
  return answer.changes_tracestate ? answer.tracestate : parent.tracestate();
}

// Answers as it is told.
class FixedSampler final : public Sampler {
 public:
  explicit FixedSampler(SamplingAnswer answer) : answer_(std::move(answer)) {}
  SamplingAnswer decide(const SamplingQuestion&) noexcept override {
    ++asked;
    return answer_;
  }
  std::string description() const override { return "FixedSampler"; }

  int asked = 0;

 private:
  SamplingAnswer answer_;
};

}  // namespace waybill::internal
