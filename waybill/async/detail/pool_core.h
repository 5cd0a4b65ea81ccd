// PoolCore: the threads of a ThreadPool and the queue that they work on, in one process.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <pthread.h>

#include <waybill/async/detail/asio_config.h>

#include WAYBILL_ASIO(execution.hpp)
#include WAYBILL_ASIO(require.hpp)
#include WAYBILL_ASIO(thread_pool.hpp)

#include <waybill/async/detail/backlog.h>
#include <waybill/async/detail/fork_count.h>
#include <waybill/async/detail/pool_job.h>
#include <waybill/async/thread_pool_options.h>
#include <waybill/core/error.h>

namespace waybill {

namespace detail {

class PoolCore {
 public:
  explicit PoolCore(const ThreadPoolOptions& options)
      : options_(options), backlog_(options.max_pending), pool_(0) {
    options_.name.resize(std::min<std::size_t>(options_.name.size(), 15));
    if (options_.threads == 0) {
      options_.threads = std::max(1U, std::thread::hardware_concurrency());
    }
    try {
      for (std::size_t i = 0; i < options_.threads; ++i) {
        threads_.emplace_back([this] { work(); });
      }
    } catch (const std::exception&) {
      pool_.stop();
      for (std::thread& thread : threads_) thread.join();
      throw Error::bad_option("threads", std::to_string(options_.threads),
                              "no more threads than the system starts");
    }
  }
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;
  ~PoolCore() { stop(); }

  // Whether the threads are another process's.
  bool is_stale() const noexcept { return forks_ != fork_count(); }

  // What comes of a job from outside where the backlog is full.
  enum class Full { kWait, kRefuse };
  // False: the job is not taken, and still the caller's.
  bool enqueue(PoolJob& job, Full full) {
    if (!enter(full)) return false;
    push(job, &backlog_);
    return true;
  }
  // The same for a job that is not counted, and whose run() may lead to the end of the pool before
  // this returns.
  bool enqueue_uncounted(PoolJob& job) {
    if (is_stale()) return false;
    if (is_own_thread()) {
      push(job, nullptr);
      return true;
    }
    if (!backlog_.enter_full()) return false;
    push(job, nullptr);
    backlog_.leave_for_good();
    return true;
  }

  void stop() {
    if (is_stale()) return backlog_.close_quietly();
    backlog_.close();
    if (is_own_thread()) return;
    const std::lock_guard lock(stopping_);
    // Whoever had entered has its work in the queue by the time that the backlog is empty; from
    // then on, only running work makes more, and Asio waits for that.
    backlog_.wait_until_empty();
    if (threads_.empty()) return;
    pool_.wait();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  bool is_own_thread() const noexcept { return executor().running_in_this_thread(); }
  bool is_closed() const noexcept { return backlog_.is_closed(); }
  asio::thread_pool::executor_type executor() const noexcept { return pool_.get_executor(); }
  const ThreadPoolOptions& options() const noexcept { return options_; }
  std::uint64_t pending() const noexcept { return backlog_.size(); }
  std::uint64_t exceptions() const noexcept { return exceptions_.load(std::memory_order_relaxed); }

  void report(std::exception_ptr exception) noexcept {
    exceptions_.fetch_add(1, std::memory_order_relaxed);
    if (!options_.on_exception) return;
    try {
      options_.on_exception(std::move(exception));
    } catch (...) {
    }
  }

 private:
  void work() {
    pthread_setname_np(pthread_self(), options_.name.c_str());
    pool_.attach();
  }

  bool enter(Full full) {
    if (is_stale()) return false;
    if (full == Full::kRefuse) return backlog_.try_enter() == Backlog::Entry::kEntered;
    if (!is_own_thread()) return backlog_.enter_when_there_is_room();
    backlog_.enter_closed();
    return true;
  }

  void push(PoolJob& job, Backlog* counted_in) {
    asio::require(pool_.get_executor(), asio::execution::blocking.never,
                  asio::execution::allocator(QueueAllocator<std::byte>(job.space())))
        .execute(QueuedJob(job, counted_in));
  }

  const unsigned forks_ = fork_count();
  ThreadPoolOptions options_;
  std::atomic<std::uint64_t> exceptions_{0};
  Backlog backlog_;
  mutable asio::thread_pool pool_;  // its destructor abandons jobs, which leave the backlog
  std::mutex stopping_;
  std::vector<std::thread> threads_;
};

// A call without a future.
template <class F, class... Args>
class PostedJob final : public PoolJob {
 public:
  template <class... Given>
  explicit PostedJob(PoolCore& core, Given&&... given)
      : core_(core), call_(std::forward<Given>(given)...) {}

  void run() noexcept override {
    call_.call([this](auto&& make) {
      try {
        make();
      } catch (...) {
        core_.report(std::current_exception());
      }
    });
    delete this;
  }
  void abandon() noexcept override { delete this; }

 private:
  PoolCore& core_;
  KeptCall<F, Args...> call_;
};

}  // namespace detail
}  // namespace waybill
