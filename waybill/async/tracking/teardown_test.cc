// What never runs is destroyed under its own context, and leaves alone whoever destroys it.
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio.hpp>
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
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kMany = 300;

// Checks, as it is destroyed, under which context that happens.
class Witness {
 public:
  Witness(int number, std::atomic<int>& count) : number_(number), count_(&count) {}
  Witness(Witness&& other) noexcept
      : number_(other.number_), count_(std::exchange(other.count_, nullptr)) {}
  Witness& operator=(Witness&&) = delete;
  ~Witness() {
    if (count_ == nullptr) return;
    EXPECT_EQ(current_number(), number_);
    ++*count_;
  }

 private:
  int number_;
  std::atomic<int>* count_;
};

class Teardown : public TrackingTest {
 protected:
  // By a thread that is busy with something else.
  void destroy_io_context() {
    std::thread([this] {
      {
        const Scope scope{numbered(99)};
        io_.reset();
        EXPECT_EQ(current_number(), 99);
      }
      EXPECT_TRUE(Context::current().empty());
    }).join();
    EXPECT_EQ(g_contexts_alive, 0);
  }

  std::optional<asio::io_context> io_{std::in_place};
  std::atomic<int> destroyed_{0};
};
INSTANTIATE_TEST_SUITE_P(Threads, Teardown, one_and_four_threads());

TEST_F(Teardown, OfHandlersThatWait) {
  std::optional strand(asio::make_strand(*io_));
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    asio::post(*io_, [w = Witness(i, destroyed_)] {});
    asio::post(*strand, [w = Witness(i, destroyed_)] {});
    const auto timer = std::make_shared<asio::steady_timer>(*io_, std::chrono::hours(1));
    timer->async_wait([timer, w = Witness(i, destroyed_)](error_code) {});
    const auto acceptor =
        std::make_shared<tcp::acceptor>(*io_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    acceptor->async_accept(
        [acceptor, w = Witness(i, destroyed_)](error_code, const tcp::socket&) {});
  }
  strand.reset();
  destroy_io_context();
  EXPECT_EQ(destroyed_, 4 * kMany);
}

awaitable<void> sleeps(int number, std::atomic<int>& destroyed) {
  const Witness outside(0, destroyed);
  const Context context = numbered(number);
  const Scope scope{context};
  const Witness inside(number, destroyed);
  const Scope inner{numbered(-number)};
  const Witness innermost(-number, destroyed);
  asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
  co_await timer.async_wait(use_awaitable);
}

awaitable<void> sleeps_deeper(int number, std::atomic<int>& destroyed) {
  const Scope scope{numbered(number)};
  const Witness witness(number, destroyed);
  {
    const Scope none{Context()};
    co_await sleeps(number + 1000, destroyed);
  }
}

TEST_P(Teardown, OfSuspendedCoroutinesWithOpenScopes) {
  for (int i = 1; i <= kMany; ++i) {
    co_spawn(*io_, sleeps(i, destroyed_), detached);
    co_spawn(*io_, sleeps_deeper(i, destroyed_), detached);
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < GetParam(); ++i) {
    threads.emplace_back([this] {
      io_->poll();
      EXPECT_TRUE(Context::current().empty());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(destroyed_, 0);
  destroy_io_context();
  EXPECT_EQ(destroyed_, 7 * kMany);
}

TEST_F(Teardown, OfCoroutinesThatNeverBegan) {
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    co_spawn(*io_, sleeps(i + 1000, destroyed_), detached);
  }
  EXPECT_EQ(g_contexts_alive, kMany);
  destroy_io_context();
  EXPECT_EQ(destroyed_, 0);
}

awaitable<void> spins(int number) {
  const Scope scope{numbered(number)};
  for (;;) {
    EXPECT_EQ(current_number(), number);
    co_await asio::post(use_awaitable);
    const Scope inner{numbered(-number)};
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::seconds(0));
    co_await timer.async_wait(use_awaitable);
    EXPECT_EQ(current_number(), -number);
  }
}

TEST_P(Teardown, OfCoroutinesStoppedAnywhere) {
  for (int round = 0; round < 20; ++round) {
    io_.emplace();
    for (int i = 1; i <= 30; ++i) co_spawn(*io_, spins(i), detached);
    std::atomic<int> steps{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < GetParam(); ++i) {
      threads.emplace_back([this, &steps, round] {
        while (steps++ < 200 + round) io_->run_one();
        EXPECT_TRUE(Context::current().empty());
      });
    }
    for (std::thread& thread : threads) thread.join();
    destroy_io_context();
  }
}

TEST_F(Teardown, OfAThreadPoolWithWorkInIt) {
  std::optional<asio::thread_pool> pool(std::in_place, 1);
  pool->stop();
  pool->join();
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    asio::post(*pool, [w = Witness(i, destroyed_)] {});
  }
  {
    const Scope scope{numbered(99)};
    pool.reset();
    EXPECT_EQ(current_number(), 99);
  }
  EXPECT_EQ(destroyed_, kMany);
}

}  // namespace
}  // namespace waybill::tracking
