// thread, jthread, async: those of std, and what they run has the context of who started it.
//
//   Scope scope{Context::new_trace({.name = "batch-job-2025-10-21"})};
//   waybill::jthread worker([&] { log.info("same trace"); });
//   std::future<int> lines = waybill::async([&] { return count_lines(file); });
//
// A plain std::thread or std::async starts with an empty context, unless what it runs is wrapped in
// bind(). Interfaces, results and exceptions are those of std; the new thread's changes to its
// context stay with it.
//
// Spell them with waybill::, above all async: for an argument whose type comes from std, the bare
// name can find std::async as well.
#pragma once

#include <concepts>
#include <future>
#include <thread>
#include <type_traits>
#include <utility>

#include <waybill/core/bind.h>

namespace waybill {

// Can be moved to where a std::thread is asked for.
class thread : public std::thread {
 public:
  thread() noexcept = default;

  template <class F, class... Args>
    requires(!std::derived_from<std::remove_cvref_t<F>, std::thread>)
  explicit thread(F&& function, Args&&... args)
      : std::thread(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...) {}
};

// Can be moved to where a std::jthread is asked for.
class jthread : public std::jthread {
 public:
  jthread() noexcept = default;

  // A function that takes a std::stop_token first is given the thread's.
  template <class F, class... Args>
    requires(!std::derived_from<std::remove_cvref_t<F>, std::jthread>)
  explicit jthread(F&& function, Args&&... args)
      : std::jthread(waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...) {}
};

// What is deferred runs in the thread that waits for it, and still under the context of this call.
template <class F, class... Args>
[[nodiscard]] std::future<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>> async(
    std::launch policy, F&& function, Args&&... args) {
  return std::async(policy, waybill::bind(std::forward<F>(function)), std::forward<Args>(args)...);
}

// As of std::async without a policy: whether on a thread of its own is up to the implementation.
template <class F, class... Args>
  requires(!std::same_as<std::remove_cvref_t<F>, std::launch>)
[[nodiscard]] std::future<std::invoke_result_t<std::decay_t<F>, std::decay_t<Args>...>> async(
    F&& function, Args&&... args) {
  return waybill::async(std::launch::async | std::launch::deferred, std::forward<F>(function),
                        std::forward<Args>(args)...);
}

}  // namespace waybill
