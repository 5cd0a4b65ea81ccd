// The beginning and the end of a span: what each costs, recorded or not, is decided here.
#include <new>
#include <utility>

#include <cxxabi.h>

#include <waybill/pipeline/record_writer.h>
#include <waybill/trace/internal/new_span.h>
#include <waybill/trace/internal/root_span.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace detail {

constinit std::atomic<bool> tracing_is_on = false;

}  // namespace detail

namespace {

using detail::ActiveSpan;
using detail::ContextNode;
using detail::ContextOrigin;
using internal::t_place;
using internal::TracingState;

// The end of a span: its record, and its memory.
[[gnu::always_inline]] inline void finish(ActiveSpan& span) noexcept {
  if (span.has_summary()) [[unlikely]] {
    internal::append_summary(span);
  }
  const std::size_t following = span.facts.following;
  const auto size =
      static_cast<std::uint32_t>(detail::whole_record(sizeof(internal::SpanImage) + following));
  const auto writer = detail::RecordWriter::begin(
      {.size = size, .kind = detail::RecordKind::kSpan, .detail = {}, .clock = 0}, span.base);
  if (writer) [[likely]] {
    auto* image = reinterpret_cast<internal::SpanImage*>(writer.payload());
    const ContextNode& node = *span.node;
    image->ids.trace_id = node.trace_id;
    image->ids.span_id = node.span_id;
    image->ids.parent_span_id = node.parent_span_id;
    image->facts = span.facts;
    if (following != 0) std::memcpy(image + 1, span.bytes, following);
    writer.commit(size);
  }
  if (span.bytes != span.inline_bytes()) [[unlikely]] {
    ::operator delete(span.bytes);
  }
}

// std::uncaught_exceptions(), which looks for the thread's part of the run-time library each time
// (Itanium C++ ABI, "Exception Handling", section 2.2.2).
unsigned int uncaught_exceptions() noexcept {
  struct Globals {
    void* caught;
    unsigned int uncaught;
  };
  [[gnu::tls_model("initial-exec")]] static constinit thread_local const Globals* t_globals =
      nullptr;
  if (t_globals == nullptr) [[unlikely]] {
    t_globals = reinterpret_cast<const Globals*>(abi::__cxa_get_globals());
  }
  return t_globals->uncaught;
}

}  // namespace

namespace detail {

BegunSpan begin_span(const InstrumentationScope* scope, const SpanName& name, Attributes attributes,
                     const SpanOptions* options, bool keeps_node) noexcept {
  const ContextNode* above = t_place.current.node();
  const bool is_named = options != nullptr && options->parent != nullptr;
  if (is_named) above = ContextReference::view(*options->parent);
  const bool is_child = above != nullptr && above->origin == ContextOrigin::kSpan &&
                        (options == nullptr || !options->new_trace);
  if (is_child && !internal::is_recorded(above->sampling)) return {};
  const TracingState* state = internal::tracing_state.load(std::memory_order_acquire);
  if (state == nullptr) [[unlikely]]
    return {};
  try {
    if (!is_child)
      return internal::begin_root(*state, scope, name, attributes, options, keeps_node);
    ContextNode* node = internal::make_node(*above);
    internal::keep_base(*node, !is_named);
    ActiveSpan* span = internal::make_span(*state, node, keeps_node, scope, name);
    internal::fill_in(*span, attributes, options);
    return {span, node};
  } catch (...) {  // no memory: not recorded
    return {};
  }
}

}  // namespace detail

void Span::end_now() noexcept {
  ActiveSpan& span = *std::exchange(active_, nullptr);
  finish(span);
  if (span.owns_node) internal::release_last(span.node);
  internal::give_back_block<ActiveSpan::kBlock>(&span);
}

void Span::end(std::chrono::system_clock::time_point time) noexcept {
  if (active_ == nullptr) return;
  active_->facts.end = detail::unix_nanoseconds(time);
  active_->facts.bits |= internal::span_bit::kEndGiven;
  end_now();
}

Context Span::context() const noexcept {
  if (active_ == nullptr) return Context::current();
  detail::retain(active_->node);
  return detail::ContextReference::adopt(active_->node);
}

// The common case, a child on the stack of its thread, with what it needs at hand.
void ScopedSpan::open(const InstrumentationScope* scope, const SpanName& name,
                      Attributes attributes, const SpanOptions* options) noexcept {
  internal::AmbientPlace& place = t_place;
  const ContextNode* above = place.current.node();
  const TracingState* state = internal::tracing_state.load(std::memory_order_acquire);
  if (options != nullptr || above == nullptr || above->origin != ContextOrigin::kSpan ||
      !internal::on_stack(place, this) || !internal::has_block<sizeof(ContextNode)>() ||
      !internal::has_block<ActiveSpan::kBlock>()) [[unlikely]] {
    return open_slowly(scope, name, attributes, options);
  }
  if (!internal::is_recorded(above->sampling)) return;
  const ContextNode* node = internal::make_node(*above);
  internal::keep_base(*node, true);
  active_ = internal::make_span(*state, node, false, scope, name);
  if (!attributes.empty()) internal::put_attributes(*active_, attributes);
  opened_ = node;
  previous_ = place.current;
  place.current = detail::Ambient(node, this, false);
  active_->uncaught = static_cast<std::uint16_t>(uncaught_exceptions());
  active_->facts.start = detail::ticks();
}

void ScopedSpan::open_slowly(const InstrumentationScope* scope, const SpanName& name,
                             Attributes attributes, const SpanOptions* options) noexcept {
  const detail::BegunSpan begun = detail::begin_span(scope, name, attributes, options, false);
  active_ = begun.span;
  if (begun.node == nullptr) return;
  if (active_ != nullptr) active_->uncaught = static_cast<std::uint16_t>(uncaught_exceptions());
  opened_ = begun.node;
  previous_ = internal::open_scope(this, begun.node, false);
}

void ScopedSpan::close() noexcept {
  if (active_ != nullptr) {
    ActiveSpan& span = *active_;
    if (uncaught_exceptions() > span.uncaught && span.facts.status == SpanStatus::kUnset)
        [[unlikely]] {
      span.facts.status = SpanStatus::kError;
    }
    finish(span);
    internal::give_back_block<ActiveSpan::kBlock>(std::exchange(active_, nullptr));
  }
  internal::close_scope(this, previous_);
  internal::release_last(opened_);
}

}  // namespace waybill
