// Coroutines of plain Asio: scopes stay open across co_await, whichever thread goes on.
#include <atomic>
#include <chrono>
#include <memory>
#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <gtest/gtest.h>

#include <waybill/async/tracking/internal/numbered_context.h>
#include <waybill/core/scope.h>

namespace waybill::tracking {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::co_spawn;
using asio::detached;
using asio::use_awaitable;
using boost::system::error_code;

class Coroutines : public TrackingTest {
 protected:
  asio::io_context io_;
};
INSTANTIATE_TEST_SUITE_P(Threads, Coroutines, one_and_four_threads());

// To another thread, as it comes; and with it through all that Asio offers for that.
awaitable<void> hop(unsigned how) {
  const auto executor = co_await asio::this_coro::executor;
  switch (how % 6) {
    case 0:
      co_await asio::post(executor, use_awaitable);
      break;
    case 1:
      co_await asio::defer(executor, use_awaitable);
      break;
    case 2:
      co_await asio::dispatch(executor, use_awaitable);
      break;
    case 3:
      co_await asio::post(asio::make_strand(executor), use_awaitable);
      break;
    case 4: {
      asio::steady_timer timer(executor, std::chrono::microseconds(how % 20));
      co_await timer.async_wait(use_awaitable);
      break;
    }
    default: {
      asio::steady_timer timer(executor, std::chrono::microseconds(how % 20));
      co_await timer.async_wait(asio::deferred);
      break;
    }
  }
}

awaitable<int> nested(int number, std::minstd_rand& random) {
  const Context context = numbered(number);
  const Scope borrowed{context};
  co_await hop(random());
  EXPECT_EQ(current_number(), number);
  {
    const Scope owned{numbered(-number)};
    co_await hop(random());
    EXPECT_EQ(current_number(), -number);
  }
  EXPECT_EQ(current_number(), number);
  co_await hop(random());
  EXPECT_EQ(current_number(), number);
  co_return number;
}

awaitable<void> wander(int number, std::atomic<int>& done) {
  std::minstd_rand random(static_cast<unsigned>(number));
  EXPECT_EQ(current_number(), 0);
  co_await hop(random());
  {
    const Scope scope{numbered(number)};
    for (int i = 0; i < 4; ++i) {
      co_await hop(random());
      EXPECT_EQ(current_number(), number);
      EXPECT_EQ(co_await nested(number + 100'000, random), number + 100'000);
      EXPECT_EQ(current_number(), number);
    }
  }
  EXPECT_EQ(current_number(), 0);
  co_await hop(random());
  EXPECT_EQ(current_number(), 0);
  ++done;
}

TEST_P(Coroutines, HoldNestedScopesWhileTheyHopBetweenThreads) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 2500; ++i) co_spawn(io_, wander(i, done), detached);
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 2500);
}

// Begins inside its spawner's stack frame, and suspends with a scope open.
awaitable<int> child(int inherited, int own, unsigned how) {
  EXPECT_EQ(current_number(), inherited);
  int result = 0;
  {
    const Scope scope{numbered(own)};
    co_await hop(how);
    EXPECT_EQ(current_number(), own);
    result = own;
  }
  EXPECT_EQ(current_number(), inherited);
  co_return result;
}

TEST_P(Coroutines, InheritFromAHandlerThatSpawnsThemAndLeaveItAsItWas) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 1000; ++i) {
    const Scope scope{numbered(i)};
    asio::post(io_, [this, i, &done] {
      for (unsigned how = 0; how < 6; ++how) {
        co_spawn(io_, child(i, i + 10'000, how), [i, &done](std::exception_ptr, int result) {
          EXPECT_EQ(result, i + 10'000);
          EXPECT_EQ(current_number(), i);
          ++done;
        });
        EXPECT_EQ(current_number(), i);
      }
    });
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 6000);
}

awaitable<void> parent(asio::any_io_executor elsewhere, int number, std::atomic<int>& done) {
  const auto executor = co_await asio::this_coro::executor;
  const Scope scope{numbered(number)};
  co_spawn(executor, child(number, number + 10'000, 0), detached);
  EXPECT_EQ(current_number(), number);
  const int here = co_await co_spawn(executor, child(number, number + 20'000, 4), use_awaitable);
  EXPECT_EQ(here, number + 20'000);
  EXPECT_EQ(current_number(), number);
  const int there = co_await co_spawn(elsewhere, child(number, number + 30'000, 2), use_awaitable);
  EXPECT_EQ(there, number + 30'000);
  EXPECT_EQ(current_number(), number);
  ++done;
}

TEST_P(Coroutines, InheritFromACoroutineAndLeaveItAsItWas) {
  asio::thread_pool elsewhere(2);
  std::atomic<int> done{0};
  for (int i = 1; i <= 1000; ++i) {
    co_spawn(io_, parent(elsewhere.get_executor(), i, done), detached);
  }
  run_on_threads(io_, GetParam());
  elsewhere.join();
  EXPECT_EQ(done, 1000);
}

awaitable<void> fails(int number) {
  const Scope scope{numbered(number)};
  co_await hop(0);
  throw std::runtime_error("in a child");
}

awaitable<void> catches(int number, std::atomic<int>& done) {
  const auto executor = co_await asio::this_coro::executor;
  const Scope scope{numbered(number)};
  try {
    co_await co_spawn(executor, fails(number + 10'000), use_awaitable);
  } catch (const std::runtime_error&) {
    EXPECT_EQ(current_number(), number);
    ++done;
  }
  try {
    co_await fails(number + 20'000);
  } catch (const std::runtime_error&) {
    EXPECT_EQ(current_number(), number);
    ++done;
  }
}

TEST_P(Coroutines, CatchWhatAChildThrewUnderTheirOwnContext) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 1000; ++i) co_spawn(io_, catches(i, done), detached);
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 2000);
}

awaitable<void> waits_for_ever(asio::steady_timer& timer, int number, std::atomic<int>& done) {
  const Scope scope{numbered(number)};
  try {
    co_await timer.async_wait(use_awaitable);
    ADD_FAILURE() << "not cancelled";
  } catch (const boost::system::system_error& error) {
    EXPECT_EQ(error.code(), asio::error::operation_aborted);
    EXPECT_EQ(current_number(), number);
  }
  const auto [error] = co_await timer.async_wait(asio::experimental::as_tuple(use_awaitable));
  EXPECT_EQ(error, asio::error::operation_aborted);
  EXPECT_EQ(current_number(), number);
  ++done;
}

awaitable<void> cancels_until(const std::vector<std::unique_ptr<asio::steady_timer>>& timers,
                              std::atomic<int>& done) {
  const Scope scope{numbered(-1)};
  while (done != static_cast<int>(timers.size())) {
    for (const auto& timer : timers) {
      // On the timer's own strand: a timer is not safe to share.
      co_await asio::post(timer->get_executor(),
                          asio::bind_executor(timer->get_executor(), use_awaitable));
      timer->cancel();
    }
    EXPECT_EQ(current_number(), -1);
  }
}

TEST_P(Coroutines, AreCancelledUnderTheirOwnContext) {
  std::atomic<int> done{0};
  std::vector<std::unique_ptr<asio::steady_timer>> timers;
  for (int i = 1; i <= 300; ++i) {
    timers.push_back(
        std::make_unique<asio::steady_timer>(asio::make_strand(io_), std::chrono::hours(1)));
    co_spawn(timers.back()->get_executor(), waits_for_ever(*timers.back(), i, done), detached);
  }
  co_spawn(io_, cancels_until(timers, done), detached);
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 300);
}

using Channel = asio::experimental::concurrent_channel<void(error_code, int)>;

awaitable<void> receives(Channel& channel, int number, std::atomic<int>& done) {
  const Scope scope{numbered(number)};
  for (int i = 0; i < 10; ++i) {
    co_await channel.async_receive(use_awaitable);
    EXPECT_EQ(current_number(), number);
    ++done;
  }
}

awaitable<void> sends(Channel& channel, int number) {
  const Scope scope{numbered(number)};
  for (int i = 0; i < 10; ++i) {
    co_await channel.async_send(error_code(), number, use_awaitable);
    EXPECT_EQ(current_number(), number);
  }
}

TEST_P(Coroutines, KeepTheirContextWhenAChannelWakesThem) {
  std::atomic<int> done{0};
  Channel channel(io_, 2);
  for (int i = 1; i <= 200; ++i) {
    co_spawn(io_, receives(channel, i, done), detached);
    co_spawn(io_, sends(channel, i + 10'000), detached);
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 2000);
}

// The initiating function looks at the context when another thread has already ended the coroutine.
awaitable<void> ends_elsewhere(asio::thread_pool& pool, std::atomic<bool>& over, int& seen) {
  {
    const Context context = numbered(5);
    const Scope scope{context};
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [&](auto handler) {
          asio::post(pool, std::move(handler));
          while (!over) std::this_thread::yield();
          seen = current_number();
        },
        use_awaitable);
  }
  over = true;
}

TEST_P(Coroutines, AnInitiationSeesTheContextThoughTheCoroutineIsAlreadyGone) {
  asio::thread_pool pool(static_cast<std::size_t>(GetParam()) + 1);
  std::atomic<bool> over = false;
  int seen = 0;
  co_spawn(pool, ends_elsewhere(pool, over, seen), detached);
  pool.join();
  EXPECT_EQ(seen, 5);
}

}  // namespace
}  // namespace waybill::tracking
