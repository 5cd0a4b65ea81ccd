// ThreadPool: threads that run what they are given under the context of who gave it.
//
//   ThreadPool pool({.threads = 4, .name = "parser"});
//   Future<Document> parsed = pool.submit(parse, text);   // parse logs with the caller's ids
//   pool.post([&] { cache.refresh(); });                  // no result wanted
//   co_await pool.schedule();                             // a coroutine goes on in the pool
//
// A task's changes to its context end with it. Any thread may call anything but the destructor.
//
// After fork(), the child has none of the parent's threads: a pool that is used in it starts
// threads of its own, and what was waiting in the parent is not done twice.
#pragma once

#include <atomic>
#include <coroutine>
#include <cstdint>
#include <future>
#include <memory>
#include <type_traits>
#include <utility>

#include <waybill/async/detail/pool_core.h>
#include <waybill/async/future.h>
#include <waybill/async/thread_pool_options.h>

namespace waybill {
namespace detail {

class ScheduleAwaiter;

}  // namespace detail

class ThreadPool {
 public:
  using Options = ThreadPoolOptions;

  // Starts the threads. Throws waybill::Error where the system refuses.
  explicit ThreadPool(const Options& options = {}) : core_(new detail::PoolCore(options)) {}
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  // stop(). Not from one of the pool's own threads.
  ~ThreadPool() {
    detail::PoolCore* core = core_.load(std::memory_order_acquire);
    if (!core->is_stale()) delete core;  // else: threads to be joined are not in this process
  }

  // The function and the arguments are moved or copied in, as by std::thread; arguments are given
  // to the function as temporaries. Both are destroyed before the future is ready.
  //
  // While options().max_pending tasks wait, this blocks until there is room; the pool's own threads
  // are never blocked, and go beyond. Code that must not block uses try_post(), or schedule().
  template <class F, class... Args>
  auto submit(F&& function, Args&&... args)
      -> Future<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>> {
    using Job = detail::SubmittedJob<std::decay_t<F>, std::decay_t<Args>...>;
    auto* const job = new Job(std::forward<F>(function), std::forward<Args>(args)...);
    auto future = detail::FutureAccess::adopt<typename Job::Result>(*job);
    if (!core().enqueue(*job, Full::kWait)) job->abandon();
    return future;
  }

  // Without a result. An exception is counted and given to options().on_exception; it ends nothing.
  // Blocks as submit() does. False: the pool is stopped, and the function was not taken.
  template <class F, class... Args>
  bool post(F&& function, Args&&... args) {
    return post_job(Full::kWait, std::forward<F>(function), std::forward<Args>(args)...);
  }
  // The same, and false instead of blocking.
  template <class F, class... Args>
  bool try_post(F&& function, Args&&... args) {
    return post_job(Full::kRefuse, std::forward<F>(function), std::forward<Args>(args)...);
  }

  // `co_await pool.schedule()` moves the coroutine to one of the pool's threads, also when it is on
  // one already. Never blocks, never allocates, is not counted in pending(). Throws
  // std::future_error (broken_promise) where the pool is stopped. A coroutine on its way must not
  // be destroyed.
  detail::ScheduleAwaiter schedule();

  // For Asio: what goes through it has no context but by Asio's own means (see async.h), and is not
  // counted in pending(). Valid in this process alone.
  asio::thread_pool::executor_type executor() { return core().executor(); }

  // Takes nothing more from outside, does what waits and what that adds to it, and ends the
  // threads. From one of the pool's own threads, it returns at once instead of waiting for that.
  void stop() { core_.load(std::memory_order_acquire)->stop(); }

  // As given, with the number of threads that it came to.
  const Options& options() const noexcept {
    return core_.load(std::memory_order_acquire)->options();
  }
  // How many tasks wait for a thread.
  std::uint64_t pending() { return core().pending(); }
  // How many post()ed functions threw.
  std::uint64_t exceptions() { return core().exceptions(); }
  // Whether the calling thread is one of the pool's.
  bool is_own_thread() { return core().is_own_thread(); }

 private:
  using Full = detail::PoolCore::Full;

  template <class F, class... Args>
  bool post_job(Full full, F&& function, Args&&... args) {
    using Job = detail::PostedJob<std::decay_t<F>, std::decay_t<Args>...>;
    detail::PoolCore& mine = core();
    auto* const job = new Job(mine, std::forward<F>(function), std::forward<Args>(args)...);
    const bool taken = mine.enqueue(*job, full);
    if (!taken) job->abandon();
    return taken;
  }

  detail::PoolCore& core() {
    detail::PoolCore* core = core_.load(std::memory_order_acquire);
    return core->is_stale() && !core->is_closed() ? restart(core) : *core;
  }
  // In a forked child. The parent's core stays as it is: locks in it may be held by threads that
  // this process does not have.
  [[gnu::noinline, gnu::cold]] detail::PoolCore& restart(detail::PoolCore* parents) {
    auto fresh = std::make_unique<detail::PoolCore>(parents->options());
    if (core_.compare_exchange_strong(parents, fresh.get(), std::memory_order_acq_rel)) {
      return *fresh.release();
    }
    return *parents;
  }

  std::atomic<detail::PoolCore*> core_;
};

namespace detail {

class ScheduleAwaiter final : public ResumeUnderContext, private PoolJob {
 public:
  explicit ScheduleAwaiter(PoolCore& core) noexcept : core_(core) {}

  bool await_ready() const noexcept { return false; }
  bool await_suspend(std::coroutine_handle<> handle) {
    prepare(handle);
    // Once taken, this may be gone before enqueue() returns.
    if (core_.enqueue_uncounted(*this)) return true;
    refused_ = true;
    return false;
  }
  void await_resume() const {
    if (refused_) throw std::future_error(std::future_errc::broken_promise);
  }

 private:
  void run() noexcept override { resume(); }
  // Only what Asio itself drops comes here, and who stops the pool first leaves it nothing.
  void abandon() noexcept override {}

  PoolCore& core_;
  bool refused_ = false;
};

}  // namespace detail

inline detail::ScheduleAwaiter ThreadPool::schedule() {
  return detail::ScheduleAwaiter(core());
}

}  // namespace waybill
