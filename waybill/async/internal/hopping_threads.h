// For tests: threads that take coroutines over from each other, as unfriendly to contexts as they
// come.
#pragma once

#include <atomic>
#include <condition_variable>
#include <coroutine>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include <waybill/async/internal/context_test.h>

namespace waybill::internal {

class HoppingThreads {
 public:
  explicit HoppingThreads(int count) {
    for (int i = 0; i < count; ++i) threads_.emplace_back([this] { run(); });
  }
  ~HoppingThreads() { join(); }

  // Ends the threads once the queue is empty. How many of them had a context left over, after any
  // of the steps they ran.
  int join() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    threads_.clear();
    return polluted_;
  }

  void post(std::coroutine_handle<> handle) {
    {
      const std::lock_guard lock(mutex_);
      // Now and then out of order, so that who follows whom is never the same.
      if (++posted_ % 3 == 0) {
        queue_.push_front(handle);
      } else {
        queue_.push_back(handle);
      }
    }
    changed_.notify_one();
  }

  // co_await threads.hop(): goes on, on whichever of the threads is free. It knows nothing of
  // contexts, and the handle may be running elsewhere before await_suspend has returned.
  auto hop() noexcept {
    struct Awaiter {
      HoppingThreads& threads;
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<> handle) const { threads.post(handle); }
      void await_resume() const noexcept {}
    };
    return Awaiter{*this};
  }

 private:
  void run() {
    for (;;) {
      std::coroutine_handle<> handle;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty()) return;
        handle = queue_.front();
        queue_.pop_front();
      }
      handle.resume();
      if (!Context::current().empty()) ++polluted_;
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::coroutine_handle<>> queue_;
  std::uint64_t posted_ = 0;
  bool stopping_ = false;
  std::atomic<int> polluted_{0};
  std::vector<std::jthread> threads_;
};

}  // namespace waybill::internal
