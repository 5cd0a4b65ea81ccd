// Coroutines in groups: branches of && and ||, and many at once, each with a context of its own.
#include <array>
#include <atomic>
#include <chrono>
#include <variant>
#include <vector>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <gtest/gtest.h>

#include <waybill/async/tracking/internal/numbered_context.h>
#include <waybill/core/scope.h>

namespace waybill::tracking {
namespace {

namespace asio = boost::asio;
using namespace boost::asio::experimental::awaitable_operators;
using asio::awaitable;
using asio::co_spawn;
using asio::detached;
using asio::use_awaitable;

class Groups : public TrackingTest {
 protected:
  asio::io_context io_;
};
INSTANTIATE_TEST_SUITE_P(Threads, Groups, one_and_four_threads());

awaitable<int> branch(int inherited, int own, int hops) {
  EXPECT_EQ(current_number(), inherited);
  const Context context = numbered(own);
  const Scope scope{context};
  for (int i = 0; i < hops; ++i) {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::microseconds(i));
    co_await timer.async_wait(use_awaitable);
    EXPECT_EQ(current_number(), own);
    co_await asio::post(use_awaitable);
    EXPECT_EQ(current_number(), own);
  }
  co_return own;
}

awaitable<void> loses(int own) {
  const Scope scope{numbered(own)};
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
  try {
    co_await timer.async_wait(use_awaitable);
  } catch (const boost::system::system_error&) {
    EXPECT_EQ(current_number(), own);
    throw;
  }
}

awaitable<void> conjunction(int number, std::atomic<int>& done) {
  const Scope scope{numbered(number)};
  for (int i = 0; i < 3; ++i) {
    const auto [a, b] =
        co_await (branch(number, number + 10'000, 2) && branch(number, number + 20'000, 3));
    EXPECT_EQ(a, number + 10'000);
    EXPECT_EQ(b, number + 20'000);
    EXPECT_EQ(current_number(), number);
  }
  ++done;
}

TEST_P(Groups, BothBranchesOfAConjunctionKeepTheirOwn) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 500; ++i) co_spawn(io_, conjunction(i, done), detached);
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 500);
}

awaitable<void> disjunction(int number, std::atomic<int>& done) {
  const Context context = numbered(number);
  const Scope scope{context};
  for (int i = 0; i < 3; ++i) {
    const auto first = co_await (loses(number + 10'000) || branch(number, number + 20'000, i));
    EXPECT_EQ(std::get<1>(first), number + 20'000);
    EXPECT_EQ(current_number(), number);
    const auto either =
        co_await (branch(number, number + 30'000, 1) || branch(number, number + 40'000, 1));
    EXPECT_EQ(std::visit([](int n) { return n % 10'000; }, either), number);
    EXPECT_EQ(current_number(), number);
  }
  ++done;
}

TEST_P(Groups, BothBranchesOfADisjunctionKeepTheirOwnTheCancelledOneToo) {
  std::atomic<int> done{0};
  // A strand each: cancelling is not safe where branches run in parallel.
  for (int i = 1; i <= 500; ++i) {
    co_spawn(asio::make_strand(io_), disjunction(i, done), detached);
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 500);
}

awaitable<void> gather(int number, std::atomic<int>& done) {
  const auto executor = co_await asio::this_coro::executor;
  const Scope scope{numbered(number)};
  using Operation = decltype(co_spawn(executor, branch(0, 0, 0), asio::deferred));
  std::vector<Operation> children;
  for (int i = 1; i <= 100; ++i) {
    children.push_back(co_spawn(executor, branch(number, number + i, 2), asio::deferred));
  }
  const auto [order, exceptions, results] =
      co_await asio::experimental::make_parallel_group(std::move(children))
          .async_wait(asio::experimental::wait_for_all(), use_awaitable);
  EXPECT_EQ(current_number(), number);
  for (int i = 1; i <= 100; ++i) EXPECT_EQ(results[static_cast<std::size_t>(i - 1)], number + i);
  ++done;
}

TEST_P(Groups, AHundredChildrenWithContextsOfTheirOwn) {
  std::atomic<int> done{0};
  // Nor is a range of operations, which Asio reads once more when the last of them may have ended.
  for (int i = 1; i <= 10; ++i) {
    co_spawn(asio::make_strand(io_), gather(i * 1000, done), detached);
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 10);
}

awaitable<void> mixed(int number, std::atomic<int>& done) {
  const auto executor = co_await asio::this_coro::executor;
  const Scope scope{numbered(number)};
  asio::steady_timer soon(executor, std::chrono::microseconds(10));
  asio::steady_timer never(executor, std::chrono::hours(1));
  const auto result = co_await asio::experimental::make_parallel_group(
                          soon.async_wait(asio::deferred), never.async_wait(asio::deferred),
                          asio::post(executor, asio::deferred))
                          .async_wait(asio::experimental::wait_for_one_success(), use_awaitable);
  EXPECT_LT(std::get<0>(result)[0], 3U);
  EXPECT_EQ(current_number(), number);
  never.cancel();
  ++done;
}

TEST_P(Groups, OperationsThatAreNoCoroutines) {
  std::atomic<int> done{0};
  for (int i = 1; i <= 1000; ++i) co_spawn(asio::make_strand(io_), mixed(i, done), detached);
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 1000);
}

}  // namespace
}  // namespace waybill::tracking
