// ContextPromise: what makes a coroutine type carry its context. Inherit the promise from it:
//
//   struct Job {
//     struct promise_type : waybill::ContextPromise<std::suspend_never, std::suspend_never> {
//       Job get_return_object() { return {}; }
//       void return_void() {}
//       void unhandled_exception() { std::terminate(); }
//     };
//   };
//
// and a coroutine that returns Job runs under the context in which it was called; scopes that it
// opens stay open across co_await, on whatever thread it goes on; its caller and whoever resumes it
// find their own context as they left it.
//
// The two arguments are what initial_suspend() and final_suspend() would return. A promise that
// makes these itself returns begin(awaiter) and end(awaiter); one that has an await_transform or a
// yield_value returns follow(awaitable) of what it was given, or follow_own(awaiter) of what it
// makes itself. An unhandled_exception() that throws calls abandon() first.
//
// How: at each co_await that suspends, what is ambient moves into the frame before the awaiter gets
// the handle, and from there to the thread that resumes. The awaiter's await_suspend still sees
// the coroutine's context, also while another thread is already running the coroutine. A frame that
// is destroyed while suspended unwinds under its own context, and the destroying thread has its own
// back afterwards.
#pragma once

#include <concepts>
#include <coroutine>
#include <type_traits>
#include <utility>

#include <waybill/core/ambient.h>

// Until version 17, Clang may put locals of an inlined await_suspend into the coroutine's frame,
// which may be gone by then (llvm/llvm-project#56301).
#ifdef __clang__
#define WAYBILL_NOT_INTO_THE_FRAME [[gnu::noinline]]
#else
#define WAYBILL_NOT_INTO_THE_FRAME
#endif

namespace waybill {
namespace detail {

template <class Awaitable>
concept HasMemberCoAwait =
    requires(Awaitable&& awaitable) { std::forward<Awaitable>(awaitable).operator co_await(); };
template <class Awaitable>
concept HasFreeCoAwait =
    requires(Awaitable&& awaitable) { operator co_await(std::forward<Awaitable>(awaitable)); };

// What the compiler would take for the awaiter of `awaitable`; a reference when it is its own.
template <class Awaitable>
decltype(auto) awaiter_of(Awaitable&& awaitable) {
  if constexpr (HasMemberCoAwait<Awaitable>) {
    return std::forward<Awaitable>(awaitable).operator co_await();
  } else if constexpr (HasFreeCoAwait<Awaitable>) {
    return operator co_await(std::forward<Awaitable>(awaitable));
  } else {
    return std::forward<Awaitable>(awaitable);
  }
}

// An awaiter that, once it has given the handle away, neither reads the ambient context nor runs
// anything that does, says so with a constant of this name; it is then called with the resumer's
// context, which saves counting a reference.
template <class Awaiter>
concept LeavesContextAlone = std::remove_cvref_t<Awaiter>::leaves_context_alone;

// An awaiter that starts other coroutines under the awaiting one's context is told of it, before it
// is called; the node stays alive until the awaiting coroutine is resumed or destroyed.
template <class Awaiter>
concept HandsContextDown =
    requires(Awaiter& awaiter, const ContextNode* node) { awaiter.hand_down(node); };

// An awaiter to be kept, where one that is awaited in place is referred to.
template <class Awaiter>
struct KeptAwaiter {
  Awaiter awaiter;
  Awaiter operator co_await() && { return std::move(awaiter); }
};

template <class Awaiter>
class BeginAwaiter;
template <class Awaiter>
class EndAwaiter;
template <class Awaitable>
class FollowAwaiter;

class ContextPromiseBase {
 public:
  ContextPromiseBase(const ContextPromiseBase&) = delete;
  ContextPromiseBase& operator=(const ContextPromiseBase&) = delete;

 protected:
  // To begin under the context that is current now.
  ContextPromiseBase() noexcept : other_(share_ambient().node(), nullptr, true) {}
  // To begin under what begin_under() will say.
  struct Later {};
  explicit ContextPromiseBase(Later) noexcept {}

  ~ContextPromiseBase() {
    if (running_) other_ = exchange_ambient(other_);
    drop(other_);
  }

  // Before the coroutine has begun: under which context it will. `owned`: takes the reference.
  void begin_under(const ContextNode* node, bool owned) noexcept {
    drop(other_);
    other_ = Ambient(node, nullptr, owned);
  }

  // The coroutine goes on, or stops, on this thread.
  void enter() noexcept {
    other_ = exchange_ambient(other_);
    running_ = true;
  }
  void leave() noexcept {
    running_ = false;
    other_ = exchange_ambient(other_);
  }
  // Stops for good.
  void abandon() noexcept {
    running_ = false;
    leave_ambient(std::exchange(other_, {}));
  }

  template <class Awaiter>
  BeginAwaiter<Awaiter> begin(Awaiter awaiter) noexcept {
    return {std::move(awaiter), *this};
  }
  template <class Awaiter>
  EndAwaiter<Awaiter> end(Awaiter awaiter) noexcept {
    return {std::move(awaiter), *this};
  }
  template <class Awaitable>
  FollowAwaiter<Awaitable> follow(Awaitable&& awaitable) {
    return {std::forward<Awaitable>(awaitable), *this};
  }
  template <class Awaiter>
  FollowAwaiter<KeptAwaiter<Awaiter>> follow_own(Awaiter awaiter) {
    return {KeptAwaiter<Awaiter>{std::move(awaiter)}, *this};
  }

 private:
  template <class>
  friend class BeginAwaiter;
  template <class>
  friend class EndAwaiter;
  template <class>
  friend class FollowAwaiter;

  // While the coroutine runs: what was current where it was resumed. While it does not: its own.
  Ambient other_;
  bool running_ = false;
};

template <class Awaiter>
class BeginAwaiter {
 public:
  BeginAwaiter(Awaiter awaiter, ContextPromiseBase& promise) noexcept
      : awaiter_(std::move(awaiter)), promise_(promise) {}

  bool await_ready() noexcept { return awaiter_.await_ready(); }
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> handle) noexcept {
    return awaiter_.await_suspend(handle);
  }
  void await_resume() noexcept {
    promise_.enter();
    awaiter_.await_resume();
  }

 private:
  Awaiter awaiter_;
  ContextPromiseBase& promise_;
};

template <class Awaiter>
class EndAwaiter {
 public:
  EndAwaiter(Awaiter awaiter, ContextPromiseBase& promise) noexcept
      : awaiter_(std::move(awaiter)), promise_(promise) {}

  bool await_ready() noexcept {
    promise_.abandon();
    return awaiter_.await_ready();
  }
  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> handle) noexcept {
    return awaiter_.await_suspend(handle);
  }
  void await_resume() noexcept { awaiter_.await_resume(); }

 private:
  Awaiter awaiter_;
  ContextPromiseBase& promise_;
};

// The stretch between a coroutine's suspension and the return to its resumer, while the awaiter has
// the handle: the frame may be gone at any time in it.
class Departure {
 public:
  explicit Departure(Ambient& frame) noexcept : resumer_(frame.words()) {
    frame = move_out_ambient(resumer_);
  }
  Departure(const Departure&) = delete;
  Departure& operator=(const Departure&) = delete;
  ~Departure() { leave_ambient(resumer_); }

  // It was not suspended after all.
  void call_off(Ambient& frame) noexcept { std::swap(frame, resumer_); }

 private:
  Ambient resumer_;
};

template <class Awaitable>
class FollowAwaiter {
  using Inner = decltype(awaiter_of(std::declval<Awaitable>()));

 public:
  FollowAwaiter(Awaitable&& awaitable, ContextPromiseBase& promise)
      : inner_(awaiter_of(std::forward<Awaitable>(awaitable))), promise_(promise) {}
  FollowAwaiter(const FollowAwaiter&) = delete;
  FollowAwaiter& operator=(const FollowAwaiter&) = delete;
  // Destroyed while suspended: the locals that follow unwind under the coroutine's own context.
  ~FollowAwaiter() {
    if (!promise_.running_) promise_.enter();
  }

  decltype(auto) await_ready() { return inner_.await_ready(); }

  template <class Promise>
  auto await_suspend(std::coroutine_handle<Promise> handle) {
    if constexpr (HandsContextDown<Inner>) {
      inner_.hand_down(ContextReference::view(Context::current()));
    }
    if constexpr (LeavesContextAlone<Inner>) {
      return suspend_outside(handle);
    } else {
      return suspend_within(handle);
    }
  }

  decltype(auto) await_resume() {
    if (!promise_.running_) promise_.enter();
    return inner_.await_resume();
  }

 private:
  template <class Handle>
  auto suspend_outside(Handle handle) {
    promise_.leave();
    // Refused, or thrown: await_resume() or the destructor enter again.
    return inner_.await_suspend(handle);
  }

  template <class Handle>
  WAYBILL_NOT_INTO_THE_FRAME auto suspend_within(Handle handle) {
    using Result = decltype(inner_.await_suspend(handle));
    ContextPromiseBase& promise = promise_;
    promise.running_ = false;
    Departure departure(promise.other_);
    try {
      if constexpr (std::is_same_v<Result, bool>) {
        if (inner_.await_suspend(handle)) return true;
        departure.call_off(promise.other_);
        promise.running_ = true;
        return false;
      } else {
        return inner_.await_suspend(handle);
      }
    } catch (...) {
      departure.call_off(promise.other_);
      promise.running_ = true;
      throw;
    }
  }

  Inner inner_;
  ContextPromiseBase& promise_;
};

#undef WAYBILL_NOT_INTO_THE_FRAME

}  // namespace detail

template <class Initial = std::suspend_always, class Final = std::suspend_always>
class ContextPromise : protected detail::ContextPromiseBase {
 public:
  auto initial_suspend() noexcept { return begin(Initial{}); }
  auto final_suspend() noexcept { return end(Final{}); }
  template <class Awaitable>
  auto await_transform(Awaitable&& awaitable) {
    return follow(std::forward<Awaitable>(awaitable));
  }

 protected:
  using detail::ContextPromiseBase::ContextPromiseBase;
};

}  // namespace waybill
