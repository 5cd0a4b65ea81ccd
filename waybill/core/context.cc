#include <memory>
#include <utility>

#include <waybill/core/block_pool.h>
#include <waybill/core/context.h>
#include <waybill/core/internal/context_data.h>
#include <waybill/core/internal/references.h>
#include <waybill/core/internal/retirement.h>

namespace waybill {
namespace {

using detail::ContextData;
using detail::ContextNode;

void release_data(const ContextData* data) noexcept {
  if (data != nullptr && internal::drop_reference(data->references)) ContextData::Delete()(data);
}

// A copy of `ids` in a place of its own.
ContextNode* copy_node(const ContextNode& ids) {
  static_assert(sizeof(ContextNode) <= internal::kSmallBlock);
  return new (internal::take_block(sizeof(ContextNode))) ContextNode(ids);
}

// The first node of `data`, which is its to keep alive from here on.
ContextNode* node_of(ContextData::Pointer data) noexcept {
  return &data.release()->first_node;
}

ContextData::Texts texts_of(const ContextNode& node) noexcept {
  return node.data != nullptr ? node.data->texts : ContextData::Texts{};
}

// A copy of the node's shared part, to be changed before anybody else sees it; with `texts` in
// place of its own.
ContextData::Pointer copy_data(const ContextNode& node, const ContextData::Texts& texts) {
  if (node.data == nullptr) return ContextData::make(texts, node);
  ContextData::Pointer copy = ContextData::make(texts, node, node.data->fields);
  copy->variables = node.data->variables;
  return copy;
}

// Sets the decision, and the flag that says it to others.
void decide(ContextNode& node, Sampling sampling) noexcept {
  const int others = node.flags.byte() & ~int{TraceFlags::kSampled};
  node.flags = TraceFlags(
      static_cast<std::uint8_t>(others | (is_sampled(sampling) ? TraceFlags::kSampled : 0)));
  node.sampling = sampling;
}

Sampling sampling_of(TraceFlags flags) noexcept {
  return flags.sampled() ? Sampling::kSampled : Sampling::kDropped;
}

}  // namespace

namespace detail {

void destroy(const ContextNode* node) noexcept {
  if (node->recorded) {
    internal::retire(node);
  } else {
    destroy_now(node);
  }
}

void destroy_now(const ContextNode* node) noexcept {
  auto* mine = const_cast<ContextNode*>(node);
  if (const ContextNode* base = mine->base) {
    internal::give_back_block(mine, sizeof(ContextNode));
    return release(base);
  }
  const ContextData* data = mine->data;
  const bool inside_data = data != nullptr && mine == &data->first_node;
  if (!inside_data) internal::give_back_block(mine, sizeof(ContextNode));
  release_data(data);
}

}  // namespace detail

Context Context::new_trace(const TraceOptions& options) {
  std::string_view name = options.name;
  const bool name_is_id = !name.empty() && (TraceId::from_hex(name) || TraceId::from_uuid(name));

  ContextNode ids;
  int flags = TraceFlags::kSampled;
  if (options.trace_id && options.trace_id->is_valid()) {
    ids.trace_id = *options.trace_id;
  } else if (!name.empty()) {
    ids.trace_id = TraceId::from_name(name);
  } else {
    ids.trace_id = TraceId::random();
    flags |= TraceFlags::kRandom;
  }
  if (name_is_id) name = {};
  ids.span_id = options.span_id ? *options.span_id : SpanId::random();
  ids.parent_span_id = options.parent_span_id;
  if (options.is_remote) ids.origin = detail::ContextOrigin::kRemote;
  ids.flags = options.flags.value_or(TraceFlags(static_cast<std::uint8_t>(flags)));
  decide(ids, options.sampling.value_or(sampling_of(ids.flags)));

  const ContextData::Texts texts{
      .trace_name = name, .tracestate = options.tracestate, .baggage = options.baggage};
  const bool has_texts = !name.empty() || !texts.tracestate.empty() || !texts.baggage.empty();
  return Context(has_texts ? node_of(ContextData::make(texts, ids)) : copy_node(ids));
}

std::string_view Context::trace_name() const noexcept {
  return texts_of(node()).trace_name;
}

std::string_view Context::tracestate() const noexcept {
  return texts_of(node()).tracestate;
}

std::string_view Context::baggage() const noexcept {
  return texts_of(node()).baggage;
}

Fields Context::fields() const noexcept {
  const ContextData* data = node().data;
  return data != nullptr ? data->fields : Fields{};
}

Context Context::with(Fields added) const {
  if (added.empty()) return *this;
  ContextData::Pointer data = ContextData::make(texts_of(node()), node(), fields(), added);
  if (node().data != nullptr) data->variables = node().data->variables;
  return Context(node_of(std::move(data)));
}

Context Context::with_baggage(std::string_view baggage) const {
  ContextData::Texts texts = texts_of(node());
  texts.baggage = baggage;
  return Context(node_of(copy_data(node(), texts)));
}

Context Context::with_tracestate(std::string_view tracestate) const {
  ContextData::Texts texts = texts_of(node());
  texts.tracestate = tracestate;
  return Context(node_of(copy_data(node(), texts)));
}

Context Context::without_trace() const {
  if (node().data == nullptr) return {};
  const ContextData::Texts texts{.trace_name = {}, .tracestate = {}, .baggage = baggage()};
  ContextData::Pointer data = ContextData::make(texts, ContextNode{}, node().data->fields);
  data->variables = node().data->variables;
  return Context(node_of(std::move(data)));
}

Context Context::with_sampling(Sampling sampling) const {
  ContextNode* changed = copy_node(node());
  if (changed->data != nullptr) internal::add_reference(changed->data->references);
  decide(*changed, sampling);
  return Context(changed);
}

Context Context::child() const {
  ContextNode* next = copy_node(node());
  if (next->data != nullptr) internal::add_reference(next->data->references);
  if (has_trace()) {
    next->parent_span_id = next->span_id;
  } else {
    next->trace_id = TraceId::random();
    next->flags = TraceFlags(TraceFlags::kRandom);
    const bool undecided = sampling() == Sampling::kUndecided;
    decide(*next, undecided ? Sampling::kSampled : sampling());
  }
  next->span_id = SpanId::random();
  next->origin = detail::ContextOrigin::kHop;
  return Context(next);
}

Context Context::with_variable(std::uint64_t key, const VariableValue* value) const {
  detail::VariableReference reference(value);
  ContextData::Pointer data = copy_data(node(), texts_of(node()));
  std::erase_if(data->variables, [key](const auto& variable) { return variable.key == key; });
  if (value != nullptr) data->variables.push_back({key, std::move(reference)});
  return Context(node_of(std::move(data)));
}

const VariableValue* Context::variable(std::uint64_t key) const noexcept {
  const ContextData* data = node().data;
  if (data == nullptr) return nullptr;
  for (const auto& variable : data->variables) {
    if (variable.key == key) return variable.value.get();
  }
  return nullptr;
}

}  // namespace waybill
