// oneTBB: bodies that run under the context of the code that starts them.
//
//   waybill::tbb_parallel_for(tbb::blocked_range<size_t>(0, n), [&](const auto& part) { ... });
//   waybill::tbb_task_group group;
//   group.run([&] { log.info("same trace as here"); });
//   group.wait();
//
// For programs that use oneTBB (CMake: find_package(TBB), TBB::tbb); no other header of Waybill
// includes this one. TBB's own functions run bodies under whatever context their threads have: for
// those not here, wrap each body in bind(). Arguments and results are TBB's; what a body does to
// its context ends with it, or, in loops that count, with the stretch of turns that it belongs to.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_for_each.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_group.h>

#include <waybill/core/bind.h>

namespace waybill {

// Each task has the context of who called run() for it, not of who made the group.
class tbb_task_group : public tbb::task_group {
 public:
  using tbb::task_group::task_group;

  template <class F>
  void run(F&& function) {
    tbb::task_group::run(waybill::bind(std::forward<F>(function)));
  }
  void run(tbb::task_handle&& task) { tbb::task_group::run(std::move(task)); }

  // The context is that of this call, whenever the task is run.
  template <class F>
  tbb::task_handle defer(F&& function) {
    return tbb::task_group::defer(waybill::bind(std::forward<F>(function)));
  }

  template <class F>
  tbb::task_group_status run_and_wait(const F& function) {
    return tbb::task_group::run_and_wait(waybill::bind(function));
  }
  tbb::task_group_status run_and_wait(tbb::task_handle&& task) {
    return tbb::task_group::run_and_wait(std::move(task));
  }
};

// `rest`: a partitioner, a tbb::task_group_context, both or none.
template <class Range, class Body, class... Rest>
  requires(!std::integral<Range>)
void tbb_parallel_for(const Range& range, const Body& body, Rest&&... rest) {
  tbb::parallel_for(range, waybill::bind(body), std::forward<Rest>(rest)...);
}

// body(i) for i from `first` to before `last`.
template <std::integral Index, std::invocable<Index> Body, class... Rest>
void tbb_parallel_for(Index first, std::type_identity_t<Index> last, const Body& body,
                      Rest&&... rest) {
  if (first >= last) return;
  const auto part = [&body](const tbb::blocked_range<Index>& turns) {
    for (Index i = turns.begin(); i != turns.end(); ++i) body(i);
  };
  tbb_parallel_for(tbb::blocked_range<Index>(first, last), part, std::forward<Rest>(rest)...);
}

// body(element), or body(element, tbb::feeder<...>&), for each element of a container or range.
template <class Range, class Body>
void tbb_parallel_for_each(Range&& range, const Body& body) {
  tbb::parallel_for_each(std::forward<Range>(range), waybill::bind(body));
}

// The form with functions; it returns the result.
template <class Range, class Value, class Body, class Reduction, class... Rest>
Value tbb_parallel_reduce(const Range& range, const Value& identity, const Body& body,
                          const Reduction& reduction, Rest&&... rest) {
  return tbb::parallel_reduce(range, identity, waybill::bind(body), waybill::bind(reduction),
                              std::forward<Rest>(rest)...);
}

}  // namespace waybill
