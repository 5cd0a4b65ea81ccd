// What a Future and the task that it is the result of share: the result, and who waits for it.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <future>
#include <memory>
#include <mutex>
#include <type_traits>
#include <utility>
#include <variant>

#include <waybill/async/detail/fork_count.h>

namespace waybill::detail {

// Told once, by the thread that makes the result. May be destroyed in ready(), and as soon as it is
// called.
class FutureWaiter {
 public:
  virtual void ready() noexcept = 0;

 protected:
  ~FutureWaiter() = default;
};

class BlockedThread final : public FutureWaiter {
 public:
  void ready() noexcept override {
    const std::lock_guard lock(mutex_);
    ready_ = true;
    changed_.notify_one();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ready_; });
  }
  bool wait_until(std::chrono::steady_clock::time_point end) {
    std::unique_lock lock(mutex_);
    return changed_.wait_until(lock, end, [&] { return ready_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
};

// Begins with two owners, the future and the task; the last one destroys it. One waiter at a time.
class FutureStateBase {
 public:
  FutureStateBase() noexcept = default;
  FutureStateBase(const FutureStateBase&) = delete;
  FutureStateBase& operator=(const FutureStateBase&) = delete;

  void retain() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  bool is_ready() const noexcept { return waiter_.load(std::memory_order_acquire) == this; }

  // The result is there.
  void set_ready() noexcept {
    const void* const waiter = waiter_.exchange(this, std::memory_order_acq_rel);
    if (waiter != nullptr) static_cast<FutureWaiter*>(const_cast<void*>(waiter))->ready();
  }

  // False: the result is there already, and `waiter` will not be told.
  bool tell(FutureWaiter& waiter) noexcept {
    const void* nobody = nullptr;
    return waiter_.compare_exchange_strong(nobody, &waiter, std::memory_order_acq_rel);
  }
  // False: `waiter` has been told, or is being told now.
  bool forget(FutureWaiter& waiter) noexcept {
    const void* mine = &waiter;
    return waiter_.compare_exchange_strong(mine, nullptr, std::memory_order_acq_rel);
  }

  void wait() {
    if (is_ready()) return;
    require_this_process();
    BlockedThread me;
    if (tell(me)) me.wait();
  }
  bool wait_until(std::chrono::steady_clock::time_point end) {
    if (is_ready()) return true;
    require_this_process();
    BlockedThread me;
    if (!tell(me) || me.wait_until(end)) return true;
    if (forget(me)) return false;
    me.wait();
    return true;
  }

  // In a forked child nobody makes the result of what the parent has not finished.
  void require_this_process() const {
    if (forks_ != fork_count()) throw std::future_error(std::future_errc::broken_promise);
  }

 protected:
  virtual ~FutureStateBase() = default;

 private:
  std::atomic<const void*> waiter_{nullptr};  // a FutureWaiter; or this, when ready
  std::atomic<std::uint32_t> owners_{2};
  const unsigned forks_ = fork_count();
};

struct FutureReleaser {
  void operator()(FutureStateBase* state) const noexcept { state->release(); }
};

template <class T>
class FutureState : public FutureStateBase {
  struct Nothing {};

 public:
  // Calls `make` for the result; what it throws is the result then.
  template <class Make>
  void set_result_of(Make&& make) noexcept {
    try {
      if constexpr (std::is_void_v<T>) {
        std::forward<Make>(make)();
        result_.template emplace<1>();
      } else if constexpr (std::is_reference_v<T>) {
        result_.template emplace<1>(std::addressof(std::forward<Make>(make)()));
      } else {
        result_.template emplace<1>(std::forward<Make>(make)());
      }
    } catch (...) {
      set_exception(std::current_exception());
    }
  }
  void set_exception(std::exception_ptr exception) noexcept {
    result_.template emplace<2>(std::move(exception));
  }

  // Once, when ready.
  T take() {
    if (auto* exception = std::get_if<2>(&result_)) std::rethrow_exception(std::move(*exception));
    if constexpr (std::is_reference_v<T>) {
      return static_cast<T>(*std::get<1>(result_));
    } else if constexpr (!std::is_void_v<T>) {
      return std::move(std::get<1>(result_));
    }
  }

 private:
  using Value =
      std::conditional_t<std::is_void_v<T>, Nothing,
                         std::conditional_t<std::is_reference_v<T>,
                                            std::add_pointer_t<std::remove_reference_t<T>>, T>>;

  std::variant<std::monostate, Value, std::exception_ptr> result_;
};

}  // namespace waybill::detail
