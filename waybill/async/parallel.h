// parallel_for_each, parallel_invoke: a loop, or some calls, shared among the threads of a pool,
// each turn under the caller's context.
//
//   parallel_for_each(pool, files, [&](const File& file) { log.info("reading {}", file.name); });
//   parallel_invoke(pool, [&] { load(a); }, [&] { load(b); });
//
// The calling thread works too and returns when all is done, so that this may be called from the
// pool's own threads, and nested. A turn's changes to the context end with it. The first exception
// that a turn throws is thrown here; turns that have not begun by then are left out.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <ranges>
#include <utility>
#include <vector>

#include <waybill/async/thread_pool.h>

namespace waybill {
namespace detail {

// A count of turns that several threads take from. Those who come when all are taken do nothing, at
// any time later; the turns themselves, and what they refer to, are used by none of them.
class Turns {
 public:
  // `chunk`: how many are taken at once.
  Turns(std::size_t count, std::size_t chunk) noexcept : count_(count), chunk_(chunk) {}

  template <class Turn>
  void work(Turn* turn) noexcept {
    for (;;) {
      const std::size_t begin = next_.fetch_add(chunk_, std::memory_order_relaxed);
      if (begin >= count_) return;
      const std::size_t end = std::min(begin + chunk_, count_);
      for (std::size_t i = begin; i < end && !failed_.load(std::memory_order_relaxed); ++i) {
        const AmbientBracket bracket{capture_ambient()};
        std::exception_ptr thrown;
        try {
          (*turn)(i);
        } catch (...) {
          thrown = std::current_exception();
        }
        if (thrown != nullptr) fail(std::move(thrown));
      }
      finish(end - begin);
    }
  }

  void wait_and_rethrow() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return finished_ == count_; });
    if (exception_ != nullptr) std::rethrow_exception(std::move(exception_));
  }

 private:
  void fail(std::exception_ptr exception) noexcept {
    const std::lock_guard lock(mutex_);
    if (exception_ == nullptr) exception_ = std::move(exception);
    failed_.store(true, std::memory_order_relaxed);
  }
  void finish(std::size_t turns) noexcept {
    const std::lock_guard lock(mutex_);
    finished_ += turns;
    if (finished_ == count_) changed_.notify_one();
  }

  const std::size_t count_;
  const std::size_t chunk_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t finished_ = 0;
  std::exception_ptr exception_;
};

// Calls turn(0) to turn(count - 1).
template <class Turn>
void take_turns(ThreadPool& pool, std::size_t count, std::size_t chunk, Turn turn) {
  const auto turns = std::make_shared<Turns>(count, chunk);
  const std::size_t chunks = (count + chunk - 1) / chunk;
  const std::size_t helpers =
      std::min(pool.options().threads, chunks - std::min<std::size_t>(1, chunks));
  for (std::size_t i = 0; i < helpers; ++i) {
    if (!pool.try_post([turns, mine = &turn] { turns->work(mine); })) break;
  }
  turns->work(&turn);
  turns->wait_and_rethrow();
}

inline std::size_t chunk_for(const ThreadPool& pool, std::size_t count) noexcept {
  constexpr std::size_t kChunksPerThread = 8;
  return std::max<std::size_t>(1, count / ((pool.options().threads + 1) * kChunksPerThread));
}

}  // namespace detail

// f(element) for each element of a range that can be gone through more than once, in no order. f is
// called by several threads at a time; elements are given as the range gives them, by reference as
// a rule.
template <std::ranges::forward_range Range, class F>
  requires std::invocable<F&, std::ranges::range_reference_t<Range>>
void parallel_for_each(ThreadPool& pool, Range&& range, F&& f) {
  if constexpr (std::ranges::random_access_range<Range> && std::ranges::sized_range<Range>) {
    const auto first = std::ranges::begin(range);
    const auto count = static_cast<std::size_t>(std::ranges::size(range));
    detail::take_turns(pool, count, detail::chunk_for(pool, count), [&](std::size_t i) {
      std::invoke(f, first[static_cast<std::ranges::range_difference_t<Range>>(i)]);
    });
  } else {
    std::vector<std::ranges::iterator_t<Range>> elements;
    for (auto i = std::ranges::begin(range); i != std::ranges::end(range); ++i) {
      elements.push_back(i);
    }
    detail::take_turns(pool, elements.size(), detail::chunk_for(pool, elements.size()),
                       [&](std::size_t i) { std::invoke(f, *elements[i]); });
  }
}

// Calls each of them once; results are dropped.
template <class... F>
  requires(std::invocable<F&> && ...)
void parallel_invoke(ThreadPool& pool, F&&... functions) {
  const std::array<std::function<void()>, sizeof...(F)> calls{[&functions] { functions(); }...};
  detail::take_turns(pool, calls.size(), 1, [&](std::size_t i) { calls[i](); });
}

}  // namespace waybill
