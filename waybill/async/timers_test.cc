#include <atomic>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/async/internal/asio_test.h>
#include <waybill/async/timers.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""us;
using TimersTest = internal::AsioTest;

TEST(TickSchedule, IsFixedAndLeavesMissedTicksOut) {
  using std::chrono_literals::operator""s;
  const std::chrono::steady_clock::time_point begin{100s};
  detail::TickSchedule schedule(begin, 10s);
  EXPECT_EQ(schedule.next(), begin);
  EXPECT_TRUE(schedule.advance(begin + 9s));  // the tick took long, but not too long
  EXPECT_EQ(schedule.next(), begin + 10s);
  EXPECT_TRUE(schedule.advance(begin + 10s));
  EXPECT_EQ(schedule.next(), begin + 20s);
  EXPECT_TRUE(schedule.advance(begin + 47s));
  EXPECT_EQ(schedule.next(), begin + 50s);
  EXPECT_TRUE(schedule.advance(begin + 49s));  // a clock that has not come as far
  EXPECT_EQ(schedule.next(), begin + 60s);

  detail::TickSchedule once(begin, 0s);
  EXPECT_FALSE(once.advance(begin));
}

TEST_F(TimersTest, RunsEachTickUnderAChildOfTheContextItWasScheduledIn) {
  asio::io_context io;
  const Context scheduled = counted("job").with({{"account_id", "acme"}});
  std::vector<Context> seen;
  Timer timer;
  {
    const Scope scope{scheduled};
    timer = every(io, 1us, [&] {
      seen.push_back(capture());
      if (seen.size() == 3) timer.stop();
    });
  }
  io.run();
  ASSERT_EQ(seen.size(), 3U);
  for (const Context& tick : seen) {
    EXPECT_EQ(tick.trace_name(), "job");
    EXPECT_EQ(tick.parent_span_id(), scheduled.span_id());
    EXPECT_EQ(tick.fields().size(), 1U);
  }
  EXPECT_NE(seen[0].span_id(), seen[1].span_id());
}

TEST_F(TimersTest, RunsEachTickInATraceOfItsOwnIfToldSo) {
  asio::io_context io;
  std::vector<Context> seen;
  Timer timer;
  {
    const Scope scope{Context::new_trace().with({{"account_id", "acme"}}).with_baggage("k=v")};
    seen.push_back(capture());
    timer = every(io, 1us,
                  [&] {
                    seen.push_back(capture());
                    if (seen.size() == 3) timer.stop();
                  },
                  {.context = TickContext::kNewTrace});
  }
  io.run();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_NE(seen[0].trace_id(), seen[1].trace_id());
  EXPECT_NE(seen[1].trace_id(), seen[2].trace_id());
  EXPECT_EQ(seen[2].fields().size(), 1U);
  EXPECT_EQ(seen[2].baggage(), "k=v");
}

TEST_F(TimersTest, RunsOnceAfterADelay) {
  asio::io_context io;
  const auto begin = std::chrono::steady_clock::now();
  std::chrono::steady_clock::duration passed{};
  std::string seen;
  Timer timer;
  {
    const Scope scope{counted("job")};
    timer = after(io, 2ms, [&] {
      passed = std::chrono::steady_clock::now() - begin;
      seen += current_name();
    });
  }
  io.run();
  EXPECT_EQ(seen, "job");
  EXPECT_GE(passed, 2ms);
}

asio::awaitable<void> hop(std::atomic<int>& wrong, const std::string& expected) {
  for (int i = 0; i < 5; ++i) {
    co_await asio::post(asio::use_awaitable);
    wrong += current_name() != expected;
  }
}

TEST_F(TimersTest, AwaitsTicksThatAreCoroutinesAndNeverOverlapsThem) {
  asio::thread_pool pool(4);
  std::atomic<int> wrong{0};
  std::atomic<int> running{0};
  std::atomic<int> ticks{0};
  std::promise<void> enough;
  Timer timer;
  {
    const Scope scope{counted("job")};
    timer = every(pool, 1us, [&]() -> asio::awaitable<void> {
      wrong += ++running != 1;
      const SpanId span = Context::current().span_id();
      co_await hop(wrong, "job");
      wrong += Context::current().span_id() != span;
      --running;
      if (++ticks == 50) enough.set_value();
    });
  }
  enough.get_future().wait();
  timer.stop();
  pool.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(TimersTest, GoesOnAfterAnExceptionAndReportsIt) {
  asio::io_context io;
  std::string reported;
  int ticks = 0;
  Timer timer;
  {
    const Scope scope{counted("job")};
    const auto report = [&](const std::exception_ptr& failure) {
      try {
        std::rethrow_exception(failure);
      } catch (const std::exception& error) {
        reported += current_name() + ": " + error.what() + "; ";
      }
      throw std::runtime_error("from the one who reports");
    };
    timer = every(io, 1us,
                  [&]() -> asio::awaitable<void> {
                    if (++ticks == 3) timer.stop();
                    if (ticks == 1) throw std::runtime_error("at once");
                    co_await asio::post(asio::use_awaitable);
                    if (ticks == 2) throw std::runtime_error("later");
                  },
                  {.on_error = report});
  }
  const Timer careless = after(io, 0ms, [] { throw 1; });
  io.run();
  EXPECT_EQ(ticks, 3);
  EXPECT_EQ(reported, "job: at once; job: later; ");
}

TEST_F(TimersTest, StopsWhenToldOrDestroyed) {
  asio::io_context io;
  int ticks = 0;
  const auto tick = [&] { ++ticks; };
  const Timer stopped = every(io, 1h, tick);
  { const Timer destroyed = after(io, 1h, tick); }
  Timer assigned_to = every(io, 1h, tick);
  assigned_to = after(io, 1h, tick);
  Timer moved = std::move(assigned_to);
  stopped.stop();
  stopped.stop();
  moved.stop();
  io.run();  // would take an hour
  EXPECT_EQ(ticks, 0);
}

TEST_F(TimersTest, GoesOnWhenDetached) {
  asio::io_context io;
  int ticks = 0;
  after(io, 0ms, [&] { ++ticks; }).detach();
  io.run();
  EXPECT_EQ(ticks, 1);
}

TEST_F(TimersTest, MayBeStoppedByAnyThreadAtAnyTime) {
  asio::thread_pool pool(2);
  for (int i = 0; i < 300; ++i) {
    std::atomic<int> ticks{0};
    std::promise<void> released;
    {
      const auto alive = std::shared_ptr<int>(new int, [&](int* p) {
        delete p;
        released.set_value();
      });
      const Timer timer = every(pool, 1us, [&ticks, alive] { ++ticks; });
      if (i % 2 == 0) {
        while (ticks == 0) std::this_thread::yield();
      }
    }
    released.get_future().wait();  // the function is destroyed once the last tick is over
  }
  pool.join();
}

TEST_F(TimersTest, MayOutliveTheIoContext) {
  std::optional<asio::io_context> io(std::in_place);
  Timer periodic;
  Timer suspended;
  {
    const Scope scope{counted("job")};
    periodic = every(*io, 1h, [] {});
    suspended = after(*io, 0ms, []() -> asio::awaitable<void> {
      asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
      co_await timer.async_wait(asio::use_awaitable);
    });
    io->run_one_for(1h);
    io->poll();
  }
  io.reset();
  EXPECT_EQ(Counted::alive, 0);
  periodic.stop();
}

TEST_F(TimersTest, RefuseTimesThatMakeNoSense) {
  asio::io_context io;
  const auto what = [&](auto start) -> std::string {
    try {
      start().detach();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(what([&] { return every(io, 0ms, [] {}); }), testing::HasSubstr("'interval'"));
  EXPECT_THAT(what([&] { return every(io, -1ms, [] {}); }), testing::HasSubstr("'interval'"));
  EXPECT_THAT(what([&] { return after(io, -1ms, [] {}); }), testing::HasSubstr("'delay'"));
  EXPECT_THAT(what([&] { return after(io, std::chrono::nanoseconds::max(), [] {}); }),
              testing::HasSubstr("100 years"));
}

}  // namespace
}  // namespace waybill
