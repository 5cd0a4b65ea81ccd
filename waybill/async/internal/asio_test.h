// For tests: an io_context run by several threads, and how contexts are checked in it.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/async/detail/asio_config.h>
#include <waybill/async/internal/hopping_threads.h>
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

// Every test leaves the thread as it was, and no context alive that it made with counted().
class AsioTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }
};

}  // namespace waybill::internal
