// Scope: makes a context the ambient one until the block ends, then restores the one before.
//
//   Context job = Context::current().with({{"job_id", 42}});
//   {
//     Scope scope{job};
//     ...                         // here, and in everything called from here, job_id is 42
//   }                             // here it is what it was
//
// and the manual way, for code that has no block to tie a context to: capture, restore, clear.
//
// The ambient context belongs to one thread. A new thread starts with an empty one: wrap what it
// runs in bind() (bind.h).
#pragma once

#include <waybill/core/context.h>

namespace waybill {

namespace detail {

// What is current on one thread: the node, and the reference that the place itself holds to it
// (null when the node is kept alive by somebody else).
struct Ambient {
  const ContextNode* node;
  const ContextNode* owned;
};

// Makes `next` the ambient one of this thread and returns what was; nothing is counted or freed.
Ambient enter_ambient(Ambient next) noexcept;
// Drops what the place holds and puts `previous` back.
void leave_ambient(Ambient previous) noexcept;

}  // namespace detail

// Scopes on one thread must end in the reverse order of their beginning, on that thread. Blocks see
// to that, but not in a coroutine: a scope that is open at a co_await stays in force for whatever
// the thread does next, and may end on another thread. Close it before, unless what runs the
// coroutine says that it keeps contexts apart.
class [[nodiscard]] Scope {
 public:
  // Borrows. As a lock_guard does with its mutex, the scope refers to `context` until it ends:
  // neither destroy nor assign to that variable while the scope is open. This costs two pointers
  // swapped, no reference count. Where that cannot be promised, hand over a copy:
  // `Scope{Context(context)}`.
  explicit Scope(const Context& context) noexcept
      : previous_(detail::enter_ambient({context.node_, nullptr})) {}

  // Owns: the scope keeps the context alive.
  explicit Scope(Context&& context) noexcept
      : previous_(detail::enter_ambient({context.node_, context.node_})) {
    context.node_ = nullptr;
  }

  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() { detail::leave_ambient(previous_); }

 private:
  detail::Ambient previous_;
};

// The ambient context, to carry elsewhere.
inline Context capture() noexcept {
  return Context::current();
}

// Makes `context` the ambient one of this thread until something else is, or the thread ends. An
// enclosing Scope still restores, at its end, what was current before it began.
void restore(Context context) noexcept;

// restore() of an empty context.
inline void clear() noexcept {
  restore(Context{});
}

}  // namespace waybill
