// What when_all() and when_any() have in common: tasks that run side by side for one awaiting
// coroutine, each in a branch with a context of its own.
#pragma once

#include <atomic>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

#include <waybill/async/task.h>

namespace waybill::detail {

// What a task leaves, as something that can be kept: void as std::monostate, T& as a wrapper.
template <class T>
struct RegularOf {
  using Type = T;
};
template <>
struct RegularOf<void> {
  using Type = std::monostate;
};
template <class T>
struct RegularOf<T&> {
  using Type = std::reference_wrapper<T>;
};
template <class T>
using Regular = typename RegularOf<T>::Type;

class TaskGroup;

// A coroutine that runs one task to its end and then tells the group.
class Branch {
 public:
  class promise_type;

  Branch(Branch&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  ~Branch() {
    if (handle_ != nullptr) handle_.destroy();
  }

  // Runs it until it is suspended for the first time.
  void start(TaskGroup& group, const ContextNode* node) noexcept;

 private:
  explicit Branch(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}

  std::coroutine_handle<promise_type> handle_;
};

// Lives in the frame of the coroutine that awaits it, until all branches are over.
class TaskGroup {
 public:
  // A stop that `parent` requests reaches the branches.
  explicit TaskGroup(const std::stop_token& parent)
      : forward_(parent, Forward{source_}), token_(source_.get_token()) {}

  const std::stop_token& token() const noexcept { return token_; }

  // Called by branches. True for the first of them; the others are asked to stop.
  bool decide() noexcept {
    if (decided_.exchange(true, std::memory_order_acq_rel)) return false;
    source_.request_stop();
    return true;
  }

  // Starts all and is over when all are.
  template <class Branches>
  auto run(Branches& branches) noexcept {
    return RunAwaiter<Branches>{*this, branches};
  }

  // One is over; what to go on with.
  std::coroutine_handle<> arrive() noexcept {
    if (pending_.fetch_sub(1, std::memory_order_acq_rel) == 1) return awaiting_;
    return std::noop_coroutine();
  }

 private:
  struct Forward {
    std::stop_source& source;
    void operator()() const noexcept { source.request_stop(); }
  };

  template <class Branches>
  struct RunAwaiter {
    static constexpr bool leaves_context_alone = true;

    TaskGroup& group;
    Branches& branches;
    const ContextNode* node = nullptr;

    void hand_down(const ContextNode* current) noexcept { node = current; }
    bool await_ready() const noexcept { return std::size(branches) == 0; }
    Transfer await_suspend(std::coroutine_handle<> awaiting) noexcept {
      TaskGroup& mine = group;
      mine.awaiting_ = awaiting;
      mine.pending_.store(std::size(branches) + 1, std::memory_order_relaxed);
      for (Branch& branch : branches) branch.start(mine, node);
      return transfer(awaiting, mine.arrive());
    }
    void await_resume() const noexcept {}
  };

  std::stop_source source_;
  std::stop_callback<Forward> forward_;
  std::stop_token token_;
  std::atomic<std::size_t> pending_{0};
  std::atomic<bool> decided_{false};
  std::coroutine_handle<> awaiting_;
};

class Branch::promise_type final : public ContextPromise<> {
 public:
  promise_type() noexcept : ContextPromise<>(Later{}) {}

  Branch get_return_object() noexcept {
    return Branch(std::coroutine_handle<promise_type>::from_promise(*this));
  }
  auto final_suspend() noexcept { return end(Arrive{*this}); }
  void return_void() const noexcept {}
  void unhandled_exception() const noexcept { std::terminate(); }  // branches catch everything

  const std::stop_token& stop_token() const noexcept { return group_->token(); }

 private:
  friend class Branch;
  struct Arrive {
    promise_type& promise;
    bool await_ready() const noexcept { return false; }
    Transfer await_suspend(std::coroutine_handle<> ended) const noexcept {
      return transfer(ended, promise.group_->arrive());
    }
    void await_resume() const noexcept {}
  };

  TaskGroup* group_ = nullptr;
};

inline void Branch::start(TaskGroup& group, const ContextNode* node) noexcept {
  handle_.promise().group_ = &group;
  handle_.promise().begin_under(node, false);
  handle_.resume();
}

}  // namespace waybill::detail
