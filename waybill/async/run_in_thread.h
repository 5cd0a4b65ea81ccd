// run_in_thread, to_thread: a blocking call, made on a thread of a pool under the caller's context.
//
//   Rows rows = co_await run_in_thread(query, database, sql);   // the event loop goes on meanwhile
//
//   auto query_async = to_thread(query);                         // the same as a function
//   Future<Rows> rows = query_async(database, sql);
//
// The context is that of each call, not of to_thread(). Without a pool, default_pool() is meant.
// Arguments and results are treated as by ThreadPool::submit(), which can block when the pool has
// more work waiting than its bound.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <waybill/async/default_pool.h>
#include <waybill/async/future.h>
#include <waybill/async/thread_pool.h>

namespace waybill {

template <class F, class... Args>
auto run_in_thread(ThreadPool& pool, F&& function, Args&&... args) {
  return pool.submit(std::forward<F>(function), std::forward<Args>(args)...);
}

template <class F, class... Args>
  requires(!std::same_as<std::remove_cvref_t<F>, ThreadPool>)
auto run_in_thread(F&& function, Args&&... args) {
  return default_pool().submit(std::forward<F>(function), std::forward<Args>(args)...);
}

// Each call has its own copy of F. One that cannot be copied is called once, as a temporary:
// `std::move(f)(args)`.
template <class F>
class ToThread {
 public:
  // A null `pool` is the default one.
  template <class G>
  ToThread(ThreadPool* pool, G&& function) : pool_(pool), function_(std::forward<G>(function)) {}

  template <class... Args>
    requires std::invocable<F, std::decay_t<Args>...>
  auto operator()(Args&&... args) const& {
    return pool().submit(function_, std::forward<Args>(args)...);
  }
  template <class... Args>
    requires std::invocable<F, std::decay_t<Args>...>
  auto operator()(Args&&... args) && {
    return pool().submit(std::move(function_), std::forward<Args>(args)...);
  }

 private:
  ThreadPool& pool() const { return pool_ != nullptr ? *pool_ : default_pool(); }

  ThreadPool* pool_;
  F function_;
};

template <class F>
[[nodiscard]] ToThread<std::decay_t<F>> to_thread(F&& function) {
  return {nullptr, std::forward<F>(function)};
}

template <class F>
[[nodiscard]] ToThread<std::decay_t<F>> to_thread(ThreadPool& pool, F&& function) {
  return {&pool, std::forward<F>(function)};
}

}  // namespace waybill
