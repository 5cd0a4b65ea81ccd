#include <utility>

#include <waybill/core/scope.h>

namespace waybill {
namespace detail {
namespace {

// Initial-exec: an offset from the thread pointer, also when this library is a shared one.
[[gnu::tls_model("initial-exec")]] constinit thread_local Ambient t_ambient = {nullptr, nullptr};

// restore() leaves a reference with the thread; this gives it back when the thread ends.
struct AmbientAtThreadExit {
  ~AmbientAtThreadExit() { leave_ambient({nullptr, nullptr}); }
  void arm() const noexcept {}
};
thread_local const AmbientAtThreadExit t_at_exit;

}  // namespace

Ambient enter_ambient(Ambient next) noexcept {
  return std::exchange(t_ambient, next);
}

void leave_ambient(Ambient previous) noexcept {
  const ContextNode* owned = t_ambient.owned;
  t_ambient = previous;
  if (owned != nullptr) release(owned);
}

}  // namespace detail

// A Context is one pointer to a node, and so is the place: the reference is to a Context whose
// destructor never runs, which keeps this thread_local free of any initialisation check.
const Context& Context::current() noexcept {
  static_assert(sizeof(Context) == sizeof(detail::t_ambient.node));
  return reinterpret_cast<const Context&>(detail::t_ambient.node);
}

void restore(Context context) noexcept {
  detail::t_at_exit.arm();
  const detail::ContextNode* node = std::exchange(context.node_, nullptr);
  detail::leave_ambient({node, node});
}

}  // namespace waybill
