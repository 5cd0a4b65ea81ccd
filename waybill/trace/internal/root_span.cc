#include <cstring>

#include <waybill/pipeline/record_writer.h>
#include <waybill/trace/internal/new_span.h>
#include <waybill/trace/internal/root_decision.h>
#include <waybill/trace/internal/root_span.h>

namespace waybill::internal {
namespace {

using detail::ContextNode;
using detail::ContextOrigin;

// Whether a trace is one that Context::new_trace() began here, with nothing said about sampling.
bool is_undecided_of_ours(const ContextNode& parent) noexcept {
  return parent.origin == ContextOrigin::kHop && parent.sampling == Sampling::kSampled &&
         !parent.parent_span_id.is_valid();
}

// A span's node as the sampler has decided.
ContextNode* make_root_node(const TracingState& state, const Context& parent, const SpanName& name,
                            Attributes attributes, const SpanOptions* options) {
  const ContextNode* above = detail::ContextReference::view(parent);
  if (above == nullptr) above = &detail::kEmptyNode;
  TraceId trace_id = above->trace_id;
  TraceFlags flags = above->flags;
  if (!parent.has_trace()) {
    trace_id = TraceId::random();
    flags = TraceFlags(TraceFlags::kRandom);
  }
  Sampling decision = Sampling::kSampled;
  Context changed;
  if (state.sampler != nullptr || state.records_all || parent.has_trace()) {
    const bool ours = is_undecided_of_ours(*above);
    const SamplingAnswer answer =
        decide_root(state, {.parent = ours ? Context{} : parent,
                            .trace_id = trace_id,
                            .flags = flags,
                            .name = name.text(),
                            .kind = options != nullptr ? options->kind : SpanKind::kInternal,
                            .attributes = attributes});
    decision = answer.sampling;
    if (answer.changes_tracestate) {
      changed = parent.with_tracestate(answer.tracestate);
      above = detail::ContextReference::view(changed);
    }
  }
  ContextNode* node = make_node(*above);
  node->trace_id = trace_id;
  const int others = flags.byte() & ~int{TraceFlags::kSampled};
  node->flags = TraceFlags(
      static_cast<std::uint8_t>(others | (is_sampled(decision) ? TraceFlags::kSampled : 0)));
  node->sampling = decision;
  // A hop that began the trace is no span that anybody would look for.
  if (above->origin == ContextOrigin::kHop && !above->parent_span_id.is_valid()) {
    node->parent_span_id = {};
  }
  keep_base(*node, above == t_place.current.node());
  return node;
}

// For the tail decision, which has to know how many local roots of a trace are under way.
void announce_root(const ContextNode& node) noexcept {
  constexpr std::uint32_t kSize = detail::whole_record(sizeof(TraceId));
  const auto writer = detail::RecordWriter::begin(
      {.size = kSize, .kind = detail::RecordKind::kSpan, .detail = {kRootBegan, 0}, .clock = 0},
      nullptr);
  if (!writer) return;
  std::memcpy(writer.payload(), &node.trace_id, sizeof node.trace_id);
  writer.commit(kSize);
}

}  // namespace

detail::BegunSpan begin_root(const TracingState& state, const InstrumentationScope* scope,
                             const SpanName& name, Attributes attributes,
                             const SpanOptions* options, bool keeps_node) {
  const bool is_named = options != nullptr && options->parent != nullptr;
  const Context& above = is_named ? *options->parent : Context::current();
  const bool is_detached = options != nullptr && options->new_trace;
  const Context detached = is_detached ? above.without_trace() : Context{};
  const Context& parent = is_detached ? detached : above;
  const ContextNode* node = make_root_node(state, parent, name, attributes, options);
  if (!is_recorded(node->sampling)) return {nullptr, node};
  if (state.records_all) announce_root(*node);
  detail::ActiveSpan* span = make_span(state, node, keeps_node, scope, name);
  span->facts.bits |= span_bit::kLocalRoot;
  if (parent.is_remote()) span->facts.bits |= span_bit::kRemoteParent;
  fill_in(*span, attributes, options);
  return {span, node};
}

}  // namespace waybill::internal
