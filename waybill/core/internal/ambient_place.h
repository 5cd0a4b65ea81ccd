// The place of this thread, for the few functions that change it. All of them are out of line: a
// compiler that inlined one could keep the place's address across a point at which a coroutine
// changes threads.
#pragma once

#include <cstdint>

#include <waybill/core/ambient.h>

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
  if (place.spare_of == nullptr || place.spare_of == place.current.node()) return;
  if (place.spares != 0) return settle(place);
  place.spare_of = nullptr;
}

// The same, where the place also held a reference to what was left.
void settle_owned(AmbientPlace& place, const detail::ContextNode* left) noexcept;

}  // namespace waybill::internal
