#include <utility>

#include <waybill/core/internal/ambient_place.h>
#include <waybill/core/scope.h>

namespace waybill {

using detail::Ambient;
using detail::ContextNode;
using internal::AmbientPlace;
using internal::t_place;

// The common cases leave by their first return, with nothing to save and nobody to call.

Ambient Scope::open(const ContextNode* node, bool owned) noexcept {
  AmbientPlace& place = t_place;
  if (!internal::on_stack(place, this)) [[unlikely]] {
    return open_elsewhere(node, owned);
  }
  const Ambient previous = place.current;
  place.current = Ambient(node, this, owned);
  return previous;
}

void Scope::close(Ambient previous) noexcept {
  AmbientPlace& place = t_place;
  const Ambient left = place.current;
  if (left.innermost() != this) [[unlikely]] {
    return close_out_of_order(previous);
  }
  place.current = previous;
  if (left.owned()) return internal::settle_owned(place, left.node());
  internal::settle_if_left(place);
}

// A scope that lives elsewhere than on the stack, in a coroutine's frame, may end long after what
// it covers up is gone from the stack below, and on another thread while this one still shows its
// context: it holds a reference of its own to both.
Ambient Scope::open_elsewhere(const ContextNode* node, bool owned) noexcept {
  AmbientPlace& place = t_place;
  if (place.stack_size == 0) internal::prepare(place);
  const Ambient previous = place.current;
  if (internal::on_stack(place, this)) {
    place.current = Ambient(node, this, owned);
    return previous;
  }
  if (!owned && node != nullptr) detail::retain(node);
  place.current = Ambient(node, this, true);
  if (previous.node() == nullptr || previous.owned()) return previous;
  detail::retain(previous.node());
  return {previous.node(), previous.innermost(), true};
}

void Scope::close_out_of_order(Ambient previous) noexcept {
  // On the stack, it can only be that code in the block left scopes of its own open. Elsewhere,
  // what is current was not begun by this flow of control, and is none of its business: a suspended
  // coroutine's frame is being destroyed by a thread that has a context of its own.
  if (internal::on_stack(t_place, this)) return detail::leave_ambient(previous);
  detail::drop(previous);
}

void restore(Context context) noexcept {
  AmbientPlace& place = t_place;
  if (place.stack_size == 0) internal::prepare(place);
  const ContextNode* node = detail::ContextReference::take(std::move(context));
  detail::leave_ambient({node, place.current.innermost(), true});
}

}  // namespace waybill
