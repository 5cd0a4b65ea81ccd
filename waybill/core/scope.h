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

#include <waybill/core/ambient.h>
#include <waybill/core/context.h>

namespace waybill {

// Scopes of one flow of control end in the reverse order of their beginning; blocks see to that.
//
// In a coroutine a scope may stay open across co_await, if what the coroutine runs on keeps
// contexts apart: a task of the async room, a promise with its mix-in, or Asio with one of its
// three mechanisms (waybill/async/async.h). Elsewhere, what runs next on the thread finds the
// scope's context there, and after the co_await it may be another one; close it before.
//
// A scope that ends where it is not in force (the frame of a suspended coroutine is destroyed by a
// thread with a context of its own) gives back what it holds and changes nothing there.
class [[nodiscard]] Scope {
 public:
  // Borrows. As a lock_guard does with its mutex, the scope refers to `context` until it ends:
  // neither destroy nor assign to that variable while the scope is open. This costs a few words
  // moved, no reference count. Where that cannot be promised, hand over a copy:
  // `Scope{Context(context)}`.
  explicit Scope(const Context& context) noexcept
      : previous_(open(detail::ContextReference::view(context), false)) {}

  // Owns: the scope keeps the context alive.
  explicit Scope(Context&& context) noexcept
      : previous_(open(detail::ContextReference::take(std::move(context)), true)) {}
  // A const temporary, as `condition ? context.with(…) : context` is one: as above.
  explicit Scope(const Context&& context) noexcept : Scope(Context(context)) {}

  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  ~Scope() { close(previous_); }

 private:
  // Return what was current before, and take it back.
  detail::Ambient open(const detail::ContextNode* node, bool owned) noexcept;
  void close(detail::Ambient previous) noexcept;

  detail::Ambient previous_;
};

// The ambient context, to carry elsewhere.
Context capture() noexcept;

// Makes `context` the ambient one of this thread until something else is, or the thread ends. An
// enclosing Scope still restores, at its end, what was current before it began.
void restore(Context context) noexcept;

// restore() of an empty context.
inline void clear() noexcept {
  restore(Context{});
}

}  // namespace waybill
