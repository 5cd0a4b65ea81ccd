// The place of this thread, for the few functions that change it, and those that read it on a hot
// path. To be included by source files of rooms only, in functions that are not inlined elsewhere:
// a compiler that inlined one could keep the place's address across a point at which a coroutine
// changes threads.
#pragma once

#include <atomic>
#include <cstdint>

#include <waybill/core/ambient.h>
#include <waybill/core/block_pool.h>

namespace waybill::internal {

struct AmbientPlace {
  detail::Ambient current;

  // References to one context that this thread has in stock, so that a loop that hands the same
  // context to many tasks need not count each of them with a locked instruction. That context is in
  // the place or covered up in it: the stock goes back when it is left; see settle_if_left().
  const detail::ContextNode* spare_of = nullptr;
  std::uint32_t spares = 0;

  // The stack that this thread was started on; empty until known.
  std::uintptr_t stack_begin = 0;
  std::uintptr_t stack_size = 0;
};

// Initial-exec: an offset from the thread pointer, also when this library is a shared one.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local AmbientPlace t_place;

// Learns where the stack is, and sees to it that what the place holds goes with the thread. Once a
// thread; costs a microsecond, and on the main thread, where the C library reads /proc/self/maps,
// some tens.
void prepare(AmbientPlace& place) noexcept;

inline bool on_stack(const AmbientPlace& place, const void* object) noexcept {
  return reinterpret_cast<std::uintptr_t>(object) - place.stack_begin < place.stack_size;
}

// Gives the references in stock back.
void settle(AmbientPlace& place) noexcept;

// After every change of the place that is not a mere covering up.
inline void settle_if_left(AmbientPlace& place) noexcept {
  const detail::ContextNode* current = place.current.node();
  if (place.spare_of == nullptr || place.spare_of == current) return;
  if (current != nullptr && current->base == place.spare_of) return;
  if (place.spares != 0) return settle(place);
  place.spare_of = nullptr;
}

// The same, where the place also held a reference to what was left.
void settle_owned(AmbientPlace& place, const detail::ContextNode* left) noexcept;

// What is current or the base of it, with one reference more, of the stock.
void take_references(AmbientPlace& place, const detail::ContextNode* node) noexcept;
inline void take_reference(AmbientPlace& place, const detail::ContextNode* node) noexcept {
  if (place.spare_of == node && place.spares != 0) {
    --place.spares;
  } else {
    take_references(place, node);
  }
}

// release() for a node of kSmallBlock, with the reference that is likely to be the last.
inline void release_last(const detail::ContextNode* node) noexcept {
  auto* mine = const_cast<detail::ContextNode*>(node);
  const bool only = std::atomic_ref(mine->references).load(std::memory_order_acquire) == 1;
  if (!only || mine->recorded || t_place.spare_of == node) [[unlikely]]
    return detail::release(node);
  const detail::ContextNode* base = mine->base;
  if (base == nullptr && mine->data != nullptr) [[unlikely]]
    return detail::release(node);
  give_back_block<sizeof(detail::ContextNode)>(mine);
  if (base == nullptr) return;
  if (t_place.spare_of == base) {
    ++t_place.spares;
  } else {
    detail::release(base);
  }
}

// What a scope at `scope` does that is not on the thread's stack, or does not know yet, and what it
// does when it ends where it is not the innermost one; see scope.h.
detail::Ambient open_elsewhere(const void* scope, const detail::ContextNode* node,
                               bool owned) noexcept;
void close_out_of_order(const void* scope, detail::Ambient previous) noexcept;

// Has a scope at `scope` begin and end.
inline detail::Ambient open_scope(const void* scope, const detail::ContextNode* node,
                                  bool owned) noexcept {
  AmbientPlace& place = t_place;
  if (!on_stack(place, scope)) [[unlikely]] {
    return open_elsewhere(scope, node, owned);
  }
  const detail::Ambient previous = place.current;
  place.current = detail::Ambient(node, scope, owned);
  return previous;
}
inline void close_scope(const void* scope, detail::Ambient previous) noexcept {
  AmbientPlace& place = t_place;
  const detail::Ambient left = place.current;
  if (left.innermost() != scope) [[unlikely]] {
    return close_out_of_order(scope, previous);
  }
  place.current = previous;
  if (left.owned()) return settle_owned(place, left.node());
  settle_if_left(place);
}

}  // namespace waybill::internal
