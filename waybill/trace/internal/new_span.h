// What a new span is made of, in pieces: span.cc puts them together for a child, root_span.cc for a
// local root. Inlined into each, as this is what a span costs.
#pragma once

#include <cstdint>
#include <string_view>

#include <waybill/core/ambient_place.h>
#include <waybill/core/block_pool.h>
#include <waybill/pipeline/clock.h>
#include <waybill/trace/internal/active_span.h>
#include <waybill/trace/internal/tracing_state.h>
#include <waybill/trace/span.h>

namespace waybill::internal {

constexpr bool is_recorded(Sampling sampling) noexcept {
  return sampling == Sampling::kSampled || sampling == Sampling::kDebug ||
         sampling == Sampling::kRecorded;
}

// A span's node below `parent`, with its data by way of the base, and a new span id. The reference
// to the base is counted afterwards.
[[gnu::always_inline]] inline detail::ContextNode* make_node(const detail::ContextNode& parent) {
  static_assert(sizeof(detail::ContextNode) == kSmallBlock);
  auto* node = new (take_block<sizeof(detail::ContextNode)>()) detail::ContextNode;
  node->flags = parent.flags;
  node->sampling = parent.sampling;
  node->origin = detail::ContextOrigin::kSpan;
  node->trace_id = parent.trace_id;
  node->span_id = SpanId::random();
  node->parent_span_id = parent.span_id;
  node->data = parent.data;
  if (parent.data != nullptr) node->base = parent.base != nullptr ? parent.base : &parent;
  return node;
}

inline void keep_base(const detail::ContextNode& node, bool parent_is_current) noexcept {
  if (node.base == nullptr) return;
  if (parent_is_current) {
    take_reference(t_place, node.base);
  } else {
    detail::retain(node.base);
  }
}

// Copies a name that is no literal.
void copy_name(detail::ActiveSpan& span, std::string_view name) noexcept;

// Of a span that has none yet.
void put_attributes(detail::ActiveSpan& span, Attributes attributes) noexcept;

// Kind, links and start.
void put_options(detail::ActiveSpan& span, const SpanOptions& options) noexcept;

// A span that is `node`, which it keeps if `owns_node`.
[[gnu::always_inline]] inline detail::ActiveSpan* make_span(const TracingState& state,
                                                            const detail::ContextNode* node,
                                                            bool owns_node,
                                                            const InstrumentationScope* scope,
                                                            const SpanName& name) {
  auto* span = new (take_block<detail::ActiveSpan::kBlock>()) detail::ActiveSpan;
  span->node = node;
  span->base = node->base;
  span->limits = &state.limits;
  span->bytes = span->inline_bytes();
  span->owns_node = owns_node;
  SpanFacts& facts = span->facts;
  facts.scope = scope;
  facts.following = 0;
  facts.kind = SpanKind::kInternal;
  facts.status = SpanStatus::kUnset;
  facts.flags = node->flags;
  facts.bits = 0;
  facts.name = name.text().data();
  facts.name_size = static_cast<std::uint32_t>(name.text().size());
  if (!name.is_literal()) [[unlikely]]
    copy_name(*span, name.text());
  return span;
}

// Attributes and options; the time last.
[[gnu::always_inline]] inline void fill_in(detail::ActiveSpan& span, Attributes attributes,
                                           const SpanOptions* options) noexcept {
  if (!attributes.empty()) put_attributes(span, attributes);
  if (options != nullptr) [[unlikely]] {
    put_options(span, *options);
    if (options->start_time) return;
  }
  span.facts.start = detail::ticks();
}

}  // namespace waybill::internal
