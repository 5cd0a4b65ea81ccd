#include <utility>

#include <pthread.h>

#include <waybill/core/ambient.h>
#include <waybill/core/ambient_place.h>
#include <waybill/core/internal/context_data.h>
#include <waybill/core/internal/references.h>

namespace waybill {
namespace internal {

constinit thread_local AmbientPlace t_place;

namespace {

// How many references a thread takes at once when it keeps handing out the same context.
constexpr std::uint32_t kStock = 16;

std::uint32_t& count_of(const detail::ContextNode* node) noexcept {
  return const_cast<detail::ContextNode*>(node)->references;
}

struct AtThreadExit {
  ~AtThreadExit() { detail::leave_ambient({}); }
  void arm() const noexcept {}
};
thread_local const AtThreadExit t_at_exit;

// What is current, with one reference more.
const detail::ContextNode* hand_out(AmbientPlace& place) noexcept {
  const detail::ContextNode* node = place.current.node();
  if (node == nullptr) return nullptr;
  take_reference(place, node);
  return node;
}

}  // namespace

// The first time, one reference is taken, as one would without a stock; when the same context is
// handed out again before it is left, more than are needed now.
[[gnu::noinline]] void take_references(AmbientPlace& place,
                                       const detail::ContextNode* node) noexcept {
  if (place.spare_of == node) {
    add_references(count_of(node), kStock);
    place.spares = kStock - 1;
    return;
  }
  if (place.spares != 0) settle(place);
  if (place.stack_size == 0) prepare(place);
  add_references(count_of(node), 1);
  place.spare_of = node;
}

void prepare(AmbientPlace& place) noexcept {
  t_at_exit.arm();
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
  void* begin = nullptr;
  std::size_t size = 0;
  if (pthread_attr_getstack(&attributes, &begin, &size) == 0) {
    place.stack_begin = reinterpret_cast<std::uintptr_t>(begin);
    place.stack_size = size;
  }
  pthread_attr_destroy(&attributes);
}

[[gnu::noinline, gnu::cold]] void settle(AmbientPlace& place) noexcept {
  const detail::ContextNode* node = std::exchange(place.spare_of, nullptr);
  const std::uint32_t spares = std::exchange(place.spares, 0);
  if (spares != 0 && drop_references(count_of(node), spares)) detail::destroy(node);
}

void settle_owned(AmbientPlace& place, const detail::ContextNode* left) noexcept {
  detail::release(left);
  settle_if_left(place);
}

}  // namespace internal

namespace detail {

using internal::t_place;

void retain(const ContextNode* node) noexcept {
  internal::add_references(internal::count_of(node), 1);
}

void release(const ContextNode* node) noexcept {
  if (t_place.spare_of == node) {
    ++t_place.spares;
  } else if (internal::drop_references(internal::count_of(node), 1)) {
    destroy(node);
  }
}

Ambient exchange_ambient(Ambient next) noexcept {
  internal::AmbientPlace& place = t_place;
  const Ambient previous = place.current;
  place.current = next;
  internal::settle_if_left(place);
  return previous;
}

void leave_ambient(Ambient next) noexcept {
  internal::AmbientPlace& place = t_place;
  const Ambient left = place.current;
  place.current = next;
  if (left.owned()) return internal::settle_owned(place, left.node());
  internal::settle_if_left(place);
}

Ambient move_out_ambient(Ambient resumer) noexcept {
  internal::AmbientPlace& place = t_place;
  const Ambient current = place.current;
  const ContextNode* node = current.node();
  // The resumer's node is alive as long as this call is on its stack.
  const bool keep = node != nullptr && node != resumer.node();
  if (keep) {
    std::uint32_t& count = internal::count_of(node);
    if (current.owned() && internal::is_only_reference(count)) {
      internal::make_second_reference(count);
    } else {
      internal::add_references(count, 1);
    }
  }
  place.current = Ambient(node, current.innermost(), keep);
  return current;
}

Ambient share_ambient() noexcept {
  const void* innermost = t_place.current.innermost();
  return {internal::hand_out(t_place), innermost, true};
}

}  // namespace detail

// A Context is one pointer to a node, and so is the place's first word: the reference is to a
// Context whose destructor never runs, which keeps the thread_local free of any initialisation
// check.
const Context& Context::current() noexcept {
  static_assert(sizeof(Context) == sizeof(internal::t_place.current.node_));
  return reinterpret_cast<const Context&>(internal::t_place.current.node_);
}

Context capture() noexcept {
  return detail::ContextReference::adopt(internal::hand_out(internal::t_place));
}

}  // namespace waybill
