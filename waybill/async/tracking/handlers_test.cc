// Handlers of plain Asio: each runs under the context in which it was handed over.
#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <vector>

#include <boost/asio.hpp>
#include <gtest/gtest.h>

#include <waybill/async/tracking/internal/numbered_context.h>
#include <waybill/core/scope.h>

namespace waybill::tracking {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int kMany = 3000;

class Handlers : public TrackingTest {};
INSTANTIATE_TEST_SUITE_P(Threads, Handlers, one_and_four_threads());

// Hands itself over again until `left` is 0. What follows inherits the context.
struct Hop {
  asio::any_io_executor executor;
  int number;
  int left;
  std::atomic<int>* done;

  void operator()() const {
    EXPECT_EQ(current_number(), number);
    if (left == 0) {
      ++*done;
      return;
    }
    const Hop next{executor, number, left - 1, done};
    switch ((number + left) % 3) {
      case 0:
        return asio::post(executor, next);
      case 1:
        return asio::defer(executor, next);
      default:
        return asio::dispatch(executor, next);
    }
  }
};

TEST_P(Handlers, PostDeferAndDispatchCarryTheContextOfTheirCaller) {
  asio::io_context io;
  std::atomic<int> done{0};
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    asio::post(io, Hop{io.get_executor(), i, 5, &done});
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(done, kMany);
}

TEST_P(Handlers, StrandsCarryItThoughOneHandlerStartsThemForAll) {
  asio::io_context io;
  const auto strand = asio::make_strand(io);
  std::atomic<int> done{0};
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    asio::post(io, Hop{strand, i, 5, &done});
    asio::dispatch(strand, Hop{strand, i, 5, &done});
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(done, 2 * kMany);
}

TEST_P(Handlers, OldStylePostAndStrandsCarryIt) {
  asio::io_context io;
  asio::io_context::strand strand(io);
  std::atomic<int> done{0};
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    io.post(strand.wrap([&done, i] {
      EXPECT_EQ(current_number(), i);
      ++done;
    }));
    strand.post([&strand, &done, i] {
      EXPECT_EQ(current_number(), i);
      strand.dispatch([&done, i] {
        EXPECT_EQ(current_number(), i);
        ++done;
      });
    });
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(done, 2 * kMany);
}

TEST_P(Handlers, ThreadPoolsCarryItFromThreadToThread) {
  asio::thread_pool pool(static_cast<std::size_t>(GetParam()));
  std::atomic<int> done{0};
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    asio::post(pool, Hop{pool.get_executor(), i, 5, &done});
  }
  {
    const Scope scope{numbered(-1)};
    asio::require(pool.get_executor(), asio::execution::blocking.always).execute([&done] {
      EXPECT_EQ(current_number(), -1);
      ++done;
    });
  }
  pool.join();
  EXPECT_EQ(done, kMany + 1);
}

struct Ticker : std::enable_shared_from_this<Ticker> {
  Ticker(asio::io_context& io, int n, std::atomic<int>& d) : timer(io), number(n), done(d) {}

  void start() {
    timer.expires_after(std::chrono::microseconds(number % 50));
    timer.async_wait([self = shared_from_this()](error_code error) {
      EXPECT_FALSE(error);
      EXPECT_EQ(current_number(), self->number);
      ++self->done;
      if (--self->left != 0) self->start();
    });
  }

  asio::steady_timer timer;
  const int number;
  int left = 5;
  std::atomic<int>& done;
};

TEST_P(Handlers, TimersCarryItFromTickToTick) {
  asio::io_context io;
  std::atomic<int> done{0};
  for (int i = 1; i <= 500; ++i) {
    const Scope scope{numbered(i)};
    std::make_shared<Ticker>(io, i, done)->start();
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(done, 500 * 5);
}

TEST_P(Handlers, ACancelledWaitIsReportedUnderTheContextOfTheWaitNotOfTheCanceller) {
  asio::io_context io;
  std::atomic<int> done{0};
  std::vector<std::unique_ptr<asio::steady_timer>> timers;
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    timers.push_back(std::make_unique<asio::steady_timer>(io, std::chrono::hours(1)));
    timers.back()->async_wait([&done, i](error_code error) {
      EXPECT_EQ(error, asio::error::operation_aborted);
      EXPECT_EQ(current_number(), i);
      ++done;
    });
  }
  {
    const Scope scope{numbered(-1)};
    asio::post(io, [&timers] {
      for (const auto& timer : timers) timer->cancel();
      EXPECT_EQ(current_number(), -1);
    });
  }
  run_on_threads(io, GetParam());
  EXPECT_EQ(done, kMany);
}

TEST_P(Handlers, ABoundExecutorRunsThemElsewhereUnderTheSameContext) {
  asio::io_context io;
  asio::thread_pool pool(2);
  std::atomic<int> done{0};
  std::vector<std::unique_ptr<asio::steady_timer>> timers;
  for (int i = 1; i <= kMany; ++i) {
    const Scope scope{numbered(i)};
    timers.push_back(std::make_unique<asio::steady_timer>(io, std::chrono::seconds(0)));
    timers.back()->async_wait(asio::bind_executor(pool, [&done, i](error_code) {
      EXPECT_EQ(current_number(), i);
      ++done;
    }));
  }
  run_on_threads(io, GetParam());
  pool.join();
  EXPECT_EQ(done, kMany);
}

class HandlersOnThisThread : public TrackingTest {
 protected:
  asio::io_context io_;
  const Scope runner_{numbered(99)};

  void TearDown() override { EXPECT_EQ(current_number(), 99); }
};

TEST_F(HandlersOnThisThread, RunUnderNoContextIfTheyWereMadeUnderNone) {
  {
    const Scope none{Context()};
    asio::post(io_, [] { EXPECT_TRUE(Context::current().empty()); });
  }
  EXPECT_EQ(io_.poll(), 1U);
}

TEST_F(HandlersOnThisThread, GiveTheThreadItsOwnContextBackWhateverTheyLeave) {
  {
    const Scope scope{numbered(1)};
    asio::post(io_, [] { restore(numbered(2)); });
    asio::post(io_, [] { clear(); });
    asio::post(io_, [] { EXPECT_EQ(current_number(), 1); });
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(io_.poll_one(), 1U);
    EXPECT_EQ(current_number(), 99);
  }
}

TEST_F(HandlersOnThisThread, GiveItBackWhenTheyThrow) {
  {
    const Scope scope{numbered(1)};
    asio::post(io_, [] {
      restore(numbered(2));
      throw std::runtime_error("out of a handler");
    });
  }
  EXPECT_THROW(io_.poll(), std::runtime_error);
  EXPECT_EQ(current_number(), 99);
}

TEST_F(HandlersOnThisThread, MayRunOthersInside) {
  {
    const Scope scope{numbered(1)};
    asio::post(io_, [this] {
      {
        const Scope inner{numbered(2)};
        asio::post(io_, [] { EXPECT_EQ(current_number(), 2); });
      }
      EXPECT_EQ(io_.poll(), 1U);
      EXPECT_EQ(current_number(), 1);
    });
  }
  EXPECT_EQ(io_.poll(), 1U);
}

// What a handler holds may log as it goes.
TEST_F(HandlersOnThisThread, AreDestroyedUnderTheirContextAfterTheyRan) {
  int seen = 0;
  {
    const Scope scope{numbered(1)};
    asio::post(io_, [held = std::shared_ptr<int>(&seen, [](int* s) { *s = current_number(); })] {});
  }
  EXPECT_EQ(io_.poll(), 1U);
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace waybill::tracking
