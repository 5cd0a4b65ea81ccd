// Contexts that carry a number and are counted, for the tests of handler tracking.
//
//   const Scope scope{numbered(7)};
//   asio::post(io, [] { EXPECT_EQ(current_number(), 7); });
#pragma once

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/context_var.h>

namespace waybill::tracking {

inline std::atomic<int> g_contexts_alive{0};

struct Number {
  explicit Number(int v) : value(v) { ++g_contexts_alive; }
  Number(const Number& other) : value(other.value) { ++g_contexts_alive; }
  Number& operator=(const Number&) = delete;
  ~Number() { --g_contexts_alive; }
  const int value;
};
inline const ContextVar<Number> g_number;

inline Context numbered(int number) {
  return g_number.set_in(Context::new_trace(), Number(number));
}

// 0 where there is no context.
inline int current_number() {
  const Number* number = g_number.get();
  return number != nullptr ? number->value : 0;
}

// Runs what an io_context has to do on some threads, none of which may have a context afterwards.
template <class IoContext>
void run_on_threads(IoContext& io, int count) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&io] {
      io.run();
      EXPECT_TRUE(Context::current().empty()) << "a handler left a context on the thread";
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// The parameter is how many threads run the io_context.
class TrackingTest : public testing::TestWithParam<int> {
 protected:
  ~TrackingTest() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    EXPECT_EQ(g_contexts_alive, 0) << "contexts leaked";
  }
};

inline auto one_and_four_threads() {
  return testing::Values(1, 4);
}

}  // namespace waybill::tracking
