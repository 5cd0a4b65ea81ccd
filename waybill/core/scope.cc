#include <utility>

#include <waybill/core/ambient_place.h>
#include <waybill/core/scope.h>

namespace waybill {

using detail::Ambient;
using detail::ContextNode;
using internal::AmbientPlace;
using internal::t_place;

// The common cases leave by their first return, with nothing to save and nobody to call.

Ambient Scope::open(const ContextNode* node, bool owned) noexcept {
  return internal::open_scope(this, node, owned);
}

void Scope::close(Ambient previous) noexcept {
  internal::close_scope(this, previous);
}

namespace internal {

// A scope that lives elsewhere than on the stack, in a coroutine's frame, may end long after what
// it covers up is gone from the stack below, and on another thread while this one still shows its
// context: it holds a reference of its own to both.
Ambient open_elsewhere(const void* scope, const ContextNode* node, bool owned) noexcept {
  AmbientPlace& place = t_place;
  if (place.stack_size == 0) prepare(place);
  const Ambient previous = place.current;
  if (on_stack(place, scope)) {
    place.current = Ambient(node, scope, owned);
    return previous;
  }
  if (!owned && node != nullptr) detail::retain(node);
  place.current = Ambient(node, scope, true);
  if (previous.node() == nullptr || previous.owned()) return previous;
  detail::retain(previous.node());
  return {previous.node(), previous.innermost(), true};
}

void close_out_of_order(const void* scope, Ambient previous) noexcept {
  // On the stack, it can only be that code in the block left scopes of its own open. Elsewhere,
  // what is current was not begun by this flow of control, and is none of its business: a suspended
  // coroutine's frame is being destroyed by a thread that has a context of its own.
  if (on_stack(t_place, scope)) return detail::leave_ambient(previous);
  detail::drop(previous);
}

}  // namespace internal

void restore(Context context) noexcept {
  AmbientPlace& place = t_place;
  if (place.stack_size == 0) internal::prepare(place);
  const ContextNode* node = detail::ContextReference::take(std::move(context));
  detail::leave_ambient({node, place.current.innermost(), true});
}

}  // namespace waybill
