#include <atomic>
#include <memory>
#include <utility>

#include <waybill/core/context.h>
#include <waybill/core/internal/context_data.h>

namespace waybill {
namespace {

using detail::ContextData;
using detail::ContextNode;

void release_data(const ContextData* data) noexcept {
  if (data != nullptr && data->references.fetch_sub(1, std::memory_order_acq_rel) == 1) delete data;
}

// A node with the ids of `ids` (if any) and, as its shared part, `data`, which it takes over.
ContextNode* new_node(const ContextNode* ids, const ContextData* data) {
  auto node = std::make_unique<ContextNode>();
  if (ids != nullptr) {
    *node = *ids;
    node->references = 1;
  }
  node->data = data;
  return node.release();
}

// The same ids over a changed copy of the shared part.
template <class Change>
const ContextNode* with_changed_data(const ContextNode* node, Change change) {
  const bool has_data = node != nullptr && node->data != nullptr;
  auto data =
      has_data ? std::make_unique<ContextData>(*node->data) : std::make_unique<ContextData>();
  change(*data);
  ContextNode* changed = new_node(node, data.get());
  static_cast<void>(data.release());
  return changed;
}

}  // namespace

namespace detail {

void retain(const ContextNode* node) noexcept {
  std::atomic_ref(const_cast<ContextNode*>(node)->references)
      .fetch_add(1, std::memory_order_relaxed);
}

void release(const ContextNode* node) noexcept {
  auto* mine = const_cast<ContextNode*>(node);
  if (std::atomic_ref(mine->references).fetch_sub(1, std::memory_order_acq_rel) == 1) {
    release_data(mine->data);
    delete mine;
  }
}

}  // namespace detail

Context Context::new_trace(const TraceOptions& options) {
  std::string_view name = options.name;
  const bool name_is_id = TraceId::from_hex(name) || TraceId::from_uuid(name);

  TraceId id;
  bool random = false;
  if (options.trace_id && options.trace_id->is_valid()) {
    id = *options.trace_id;
  } else if (!name.empty()) {
    id = TraceId::from_name(name);
  } else {
    id = TraceId::random();
    random = true;
  }
  if (name_is_id) name = {};

  std::unique_ptr<ContextData> data;
  if (!name.empty() || !options.tracestate.empty() || !options.baggage.empty()) {
    data = std::make_unique<ContextData>();
    data->trace_name = name;
    data->tracestate = options.tracestate;
    data->baggage = options.baggage;
  }
  ContextNode* node = new_node(nullptr, data.get());
  static_cast<void>(data.release());
  node->trace_id = id;
  node->span_id = options.span_id ? *options.span_id : SpanId::random();
  node->parent_span_id = options.parent_span_id;
  const int random_flag = random ? TraceFlags::kRandom : 0;
  node->flags = options.flags.value_or(
      TraceFlags(static_cast<std::uint8_t>(TraceFlags::kSampled | random_flag)));
  return Context(node);
}

std::string_view Context::trace_name() const noexcept {
  return node_ != nullptr && node_->data != nullptr ? node_->data->trace_name : std::string_view{};
}

std::string_view Context::tracestate() const noexcept {
  return node_ != nullptr && node_->data != nullptr ? node_->data->tracestate : std::string_view{};
}

std::string_view Context::baggage() const noexcept {
  return node_ != nullptr && node_->data != nullptr ? node_->data->baggage : std::string_view{};
}

Fields Context::fields() const noexcept {
  if (node_ == nullptr || node_->data == nullptr) return {};
  return {node_->data->fields.data(), node_->data->fields.size()};
}

Context Context::with(Fields added) const {
  if (added.empty()) return *this;
  return Context(
      with_changed_data(node_, [&](ContextData& data) { data.set_fields(this->fields(), added); }));
}

Context Context::with_baggage(std::string_view baggage) const {
  return Context(with_changed_data(node_, [&](ContextData& data) { data.baggage = baggage; }));
}

Context Context::child() const {
  if (node_ != nullptr && node_->data != nullptr) {
    node_->data->references.fetch_add(1, std::memory_order_relaxed);
  }
  ContextNode* node = nullptr;
  try {
    node = new_node(node_, node_ != nullptr ? node_->data : nullptr);
  } catch (...) {
    if (node_ != nullptr) release_data(node_->data);
    throw;
  }
  if (has_trace()) {
    node->parent_span_id = node_->span_id;
  } else {
    node->trace_id = TraceId::random();
    node->flags = TraceFlags(TraceFlags::kSampled | TraceFlags::kRandom);
  }
  node->span_id = SpanId::random();
  return Context(node);
}

Context Context::with_variable(std::uint64_t key, const VariableValue* value) const {
  detail::VariableReference reference(value);
  return Context(with_changed_data(node_, [&](ContextData& data) {
    std::erase_if(data.variables, [key](const auto& variable) { return variable.key == key; });
    if (value != nullptr) data.variables.push_back({key, std::move(reference)});
  }));
}

const VariableValue* Context::variable(std::uint64_t key) const noexcept {
  if (node_ == nullptr || node_->data == nullptr) return nullptr;
  for (const auto& variable : node_->data->variables) {
    if (variable.key == key) return variable.value.get();
  }
  return nullptr;
}

}  // namespace waybill
