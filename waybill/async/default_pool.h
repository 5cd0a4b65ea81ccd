// default_pool(): the ThreadPool that to_thread() and run_in_thread() use when they are given none.
//
//   waybill::default_pool().post([] { warm_up(); });
#pragma once

#include <cstdlib>

#include <waybill/async/thread_pool.h>

namespace waybill {

// Made at its first use, with as many threads as the machine runs at once. Any thread may call
// this, destructors of static objects included.
//
// When the process ends by exit() or by returning from main, what waits in the pool is done first,
// so that work that never ends keeps the process from ending. Static objects made before the pool's
// first use are still there for that work, those made after it are not. From then on the pool takes
// nothing more. It is never destroyed.
inline ThreadPool& default_pool() {
  static ThreadPool* const pool = [] {
    auto* const made = new ThreadPool;
    std::atexit([] { default_pool().stop(); });
    return made;
  }();
  return *pool;
}

}  // namespace waybill
