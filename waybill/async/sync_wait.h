// sync_wait: runs a task from code that is no coroutine, and blocks until it is done.
//
//   int main() { return sync_wait(run()); }
//
// The task begins on this thread, under the caller's context, and may end on another one; its
// exception, if any, is thrown here. Never from within a coroutine: the thread it blocks may be the
// one that the task needs.
#pragma once

#include <condition_variable>
#include <coroutine>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include <waybill/async/detail/task_group.h>
#include <waybill/async/task.h>

namespace waybill {
namespace detail {

// Tells a waiting thread that it is over. The flag is set and the waiter told under the lock, so
// that nothing is touched after the waiter may have gone.
class Done {
 public:
  void set() noexcept {
    const std::lock_guard lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return done_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
};

// The coroutine at the bottom of a chain of tasks, which a thread waits for.
class RootTask {
 public:
  class promise_type final : public ContextPromise<> {
   public:
    // A coroutine's parameters are offered to its promise.
    template <class Work, class... Rest>
    promise_type(Work&, Done& done, const std::stop_token& token, Rest&...) noexcept
        : done_(done), token_(token) {}
    RootTask get_return_object() noexcept {
      return RootTask(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    auto final_suspend() noexcept { return end(Tell{done_}); }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }  // it catches everything
    const std::stop_token& stop_token() const noexcept { return token_; }

   private:
    struct Tell {
      Done& done;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<>) const noexcept { done.set(); }
      void await_resume() const noexcept {}
    };
    Done& done_;
    const std::stop_token& token_;
  };

  RootTask(const RootTask&) = delete;
  RootTask& operator=(const RootTask&) = delete;
  ~RootTask() { handle_.destroy(); }

  void start() const { handle_.resume(); }

 private:
  explicit RootTask(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

template <class T>
RootTask run_root(task<T>& work, Done&, const std::stop_token&, std::optional<Regular<T>>& result,
                  std::exception_ptr& error) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(work);
    } else {
      result.emplace(co_await std::move(work));
    }
  } catch (...) {
    error = std::current_exception();
  }
}

}  // namespace detail

// `token`: what the task and whom it awaits see as theirs.
template <class T>
T sync_wait(task<T> work, const std::stop_token& token = {}) {
  detail::Done done;
  std::optional<detail::Regular<T>> result;
  std::exception_ptr error;
  {
    const detail::RootTask root = detail::run_root(work, done, token, result, error);
    root.start();
    done.wait();
  }
  if (error != nullptr) std::rethrow_exception(error);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace waybill
