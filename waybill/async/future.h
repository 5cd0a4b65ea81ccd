// Future<T>: the result of work that a pool does, to wait for or to co_await.
//
//   Future<int> lines = pool.submit(count_lines, file);
//   int n = lines.get();                                  // blocks; throws what count_lines threw
//   int m = co_await pool.submit(count_lines, other);     // suspends; goes on in the pool
//
// One owner, one result, as std::future: get() and co_await take it, and the future is empty then.
// Unlike std::async's, one that is dropped does not wait for the work, and an exception in it is
// lost. Calls on the same future need a lock of the user's.
//
// Where the work was never done (the pool was stopped before it came, or this is the child of a
// fork and the work the parent's), waiting throws std::future_error with
// std::future_errc::broken_promise.
#pragma once

#include <chrono>
#include <coroutine>
#include <future>
#include <memory>
#include <utility>

#include <waybill/async/detail/future_state.h>
#include <waybill/core/ambient.h>

namespace waybill {
namespace detail {

struct FutureAccess;

// Coroutines that carry their context themselves (context_promise.h) are resumed with nothing but
// their handle; for others, the context of the co_await is installed around the resumption.
class ResumeUnderContext {
 public:
  static constexpr bool leaves_context_alone = true;
  void hand_down(const ContextNode*) noexcept { carried_by_the_coroutine_ = true; }

 protected:
  // Before the handle is given away. `handle` is resumed once.
  void prepare(std::coroutine_handle<> handle) noexcept {
    handle_ = handle;
    if (!carried_by_the_coroutine_) capture_ = capture_ambient();
  }
  // Destroys what it is called on, as a rule.
  void resume() noexcept {
    const std::coroutine_handle<> handle = handle_;
    if (carried_by_the_coroutine_) return handle.resume();
    const AmbientBracket bracket(std::move(capture_));
    handle.resume();
  }

 private:
  std::coroutine_handle<> handle_;
  AmbientCapture capture_;
  bool carried_by_the_coroutine_ = false;
};

template <class T>
class FutureAwaiter final : public ResumeUnderContext, private FutureWaiter {
 public:
  using State = std::unique_ptr<FutureState<T>, FutureReleaser>;

  explicit FutureAwaiter(State state) noexcept : state_(std::move(state)) {}
  FutureAwaiter(const FutureAwaiter&) = delete;
  FutureAwaiter& operator=(const FutureAwaiter&) = delete;
  // The coroutine may be destroyed while it waits, as long as nobody is about to resume it.
  ~FutureAwaiter() {
    if (state_ != nullptr) state_->forget(*this);
  }

  bool await_ready() const {
    if (state_ == nullptr) throw std::future_error(std::future_errc::no_state);
    if (state_->is_ready()) return true;
    state_->require_this_process();
    return false;
  }
  bool await_suspend(std::coroutine_handle<> handle) noexcept {
    prepare(handle);
    return state_->tell(*this);
  }
  T await_resume() { return state_->take(); }

 private:
  void ready() noexcept override { resume(); }

  State state_;
};

}  // namespace detail

template <class T = void>
class Future {
 public:
  using value_type = T;

  // Empty: no result will come.
  Future() noexcept = default;

  bool valid() const noexcept { return state_ != nullptr; }
  bool is_ready() const { return state().is_ready(); }

  // These block. In one of the pool's own threads, which then does no work, they can block for
  // ever: co_await there. On an empty future they throw std::future_error (no_state).
  void wait() const { state().wait(); }
  template <class Rep, class Period>
  std::future_status wait_for(std::chrono::duration<Rep, Period> time) const {
    return wait_until(std::chrono::steady_clock::now() +
                      std::chrono::duration_cast<std::chrono::steady_clock::duration>(time));
  }
  std::future_status wait_until(std::chrono::steady_clock::time_point end) const {
    return state().wait_until(end) ? std::future_status::ready : std::future_status::timeout;
  }
  T get() {
    wait();
    const State mine = std::move(state_);
    return mine->take();
  }

  // From any coroutine whose promise lets it await what it likes; from an asio::awaitable, see
  // async_wait.h. The coroutine goes on at once where the result is there, else on the thread that
  // made it. Takes the future as a temporary: `co_await f()`, `co_await std::move(future)`.
  auto operator co_await() && noexcept { return detail::FutureAwaiter<T>(std::move(state_)); }

 private:
  friend struct detail::FutureAccess;
  using State = std::unique_ptr<detail::FutureState<T>, detail::FutureReleaser>;

  explicit Future(State state) noexcept : state_(std::move(state)) {}

  detail::FutureState<T>& state() const {
    if (state_ == nullptr) throw std::future_error(std::future_errc::no_state);
    return *state_;
  }

  State state_;
};

namespace detail {

// For what makes futures.
struct FutureAccess {
  template <class T>
  static Future<T> adopt(FutureState<T>& state) noexcept {
    return Future<T>(typename Future<T>::State(&state));
  }
  template <class T>
  static FutureState<T>& state(const Future<T>& future) {
    return future.state();
  }
};

}  // namespace detail
}  // namespace waybill
