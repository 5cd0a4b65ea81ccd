// For tests: an io_context run by several threads, and how contexts are checked in it.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/detail/asio_config.h>
#include <waybill/async/internal/context_test.h>
#include <waybill/core/core.h>

#include WAYBILL_ASIO(io_context.hpp)

namespace waybill::internal {

// Runs what there is to do to its end. No thread may be left with a context.
inline void run_on_threads(asio::io_context& io, int count) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&io] {
      while (io.run_one() != 0) {
        EXPECT_TRUE(Context::current().empty()) << "a handler left a context on the thread";
      }
    });
  }
}

using AsioTest = ContextTest;

}  // namespace waybill::internal
