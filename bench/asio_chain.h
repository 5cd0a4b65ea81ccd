// What one handler costs: a chain of handlers on an io_context, each of which posts the next, under
// a context.
#pragma once

#include <algorithm>
#include <array>
#include <ctime>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <waybill/core/core.h>

namespace bench {

template <class Executor>
struct Step {
  Executor executor;
  int left;
  void operator()() {
    if (--left != 0) boost::asio::post(executor, Step(*this));
  }
};

// CPU nanoseconds per handler, of this thread; the median of several chains. `adapt` makes the
// executor that handlers are posted to from the io_context's.
template <class Adapt>
double asio_chain_ns(Adapt adapt) {
  constexpr int kHandlers = 300'000;
  std::array<double, 9> ns{};
  const waybill::Scope scope{waybill::Context::new_trace()};
  for (double& result : ns) {
    boost::asio::io_context io(1);
    auto executor = adapt(io.get_executor());
    boost::asio::post(executor, Step<decltype(executor)>{executor, kHandlers});
    timespec begin = {};
    timespec end = {};
    const waybill::Scope none{waybill::Context()};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin);
    io.run();
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end);
    result = (static_cast<double>(end.tv_sec - begin.tv_sec) * 1e9 +
              static_cast<double>(end.tv_nsec - begin.tv_nsec)) /
             kHandlers;
  }
  std::nth_element(ns.begin(), ns.begin() + ns.size() / 2, ns.end());
  return ns[ns.size() / 2];
}

inline double asio_chain_ns() {
  return asio_chain_ns([](auto executor) { return executor; });
}

}  // namespace bench
