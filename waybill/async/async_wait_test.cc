#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <waybill/async/async_wait.h>
#include <waybill/async/internal/hopping_threads.h>
#include <waybill/async/thread_pool.h>

namespace waybill {
namespace {

using internal::Counted;
using internal::counted;
using internal::current_name;

class AsyncWaitTest : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_TRUE(Context::current().empty()) << "the test left a context";
    pool_.stop();
    EXPECT_EQ(Counted::alive, 0) << "a context was not released";
  }

  // A future whose result comes when go_ is set.
  Future<std::string> later() {
    return pool_.submit([this] {
      went_.wait();
      return current_name();
    });
  }

  std::promise<void> go_;
  std::shared_future<void> went_ = go_.get_future().share();
  ThreadPool pool_{{.threads = 2}};
  boost::asio::io_context io_;
};

TEST_F(AsyncWaitTest, TheHandlerRunsOnItsExecutorUnderTheContextOfTheCall) {
  std::string seen;
  bool on_io = false;
  Future<std::string> future = later();
  {
    const Scope scope{counted("waiting")};
    async_wait(future, boost::asio::bind_executor(io_, [&](boost::system::error_code error) {
                 EXPECT_FALSE(error);
                 seen = current_name();
                 on_io = io_.get_executor().running_in_this_thread();
               }));
  }
  go_.set_value();
  io_.run();
  EXPECT_EQ(seen, "waiting");
  EXPECT_TRUE(on_io);
  EXPECT_EQ(future.get(), "");
}

TEST_F(AsyncWaitTest, AResultThatIsThereIsPostedToo) {
  Future<int> future = pool_.submit([] { return 1; });
  future.wait();
  bool called = false;
  async_wait(future, boost::asio::bind_executor(io_, [&](auto) { called = true; }));
  EXPECT_FALSE(called);
  io_.run();
  EXPECT_TRUE(called);
}

TEST_F(AsyncWaitTest, TheFutureMayBeDroppedMeanwhile) {
  bool called = false;
  async_wait(later(), boost::asio::bind_executor(io_, [&](auto) { called = true; }));
  go_.set_value();
  io_.run();
  EXPECT_TRUE(called);
}

TEST_F(AsyncWaitTest, IsCancelledAndTheFutureIsStillGood) {
  boost::asio::cancellation_signal signal;
  Future<std::string> future = later();
  boost::system::error_code result;
  std::string seen;
  {
    const Scope scope{counted("waiting")};
    async_wait(future, boost::asio::bind_cancellation_slot(
                           signal.slot(),
                           boost::asio::bind_executor(io_, [&](boost::system::error_code error) {
                             result = error;
                             seen = current_name();
                           })));
  }
  signal.emit(boost::asio::cancellation_type::terminal);
  io_.run();
  EXPECT_EQ(result, boost::asio::error::operation_aborted);
  EXPECT_EQ(seen, "waiting");
  signal.emit(boost::asio::cancellation_type::terminal);
  go_.set_value();
  EXPECT_EQ(future.get(), "");
}

TEST_F(AsyncWaitTest, LosesToATimerInAGroup) {
  using boost::asio::experimental::awaitable_operators::operator||;
  Future<std::string> future = later();
  std::size_t winner = 9;
  const auto wait = [&]() -> boost::asio::awaitable<void> {
    boost::asio::steady_timer timer(io_, boost::asio::steady_timer::time_point::min());
    const auto first = co_await (async_wait(future, boost::asio::use_awaitable) ||
                                 timer.async_wait(boost::asio::use_awaitable));
    winner = first.index();
  };
  boost::asio::co_spawn(io_, wait(), boost::asio::detached);
  io_.run();
  EXPECT_EQ(winner, 1U);
  go_.set_value();
}

TEST_F(AsyncWaitTest, ThousandsOfAsioCoroutinesFindTheirContextAfterTheWait) {
  constexpr int kCoroutines = 2000;
  std::atomic<int> wrong{0};
  std::atomic<int> finished{0};
  std::atomic<int> polluted{0};
  const auto work = [&](std::string name) -> boost::asio::awaitable<void> {
    for (int i = 0; i < 5; ++i) {
      Future<std::string> seen = pool_.submit(current_name);
      co_await async_wait(seen, boost::asio::use_awaitable);
      wrong += current_name() != name || seen.get() != name;
    }
    ++finished;
  };
  for (int i = 0; i < kCoroutines; ++i) {
    const std::string name = "c" + std::to_string(i);
    boost::asio::post(io_, [&, name] {
      const Scope scope{counted(name)};
      boost::asio::co_spawn(io_, work(name), boost::asio::detached);
    });
  }
  {
    std::vector<std::jthread> threads;
    threads.reserve(3);
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&] {
        io_.run();
        polluted += !Context::current().empty();
      });
    }
  }
  EXPECT_EQ(finished, kCoroutines);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(polluted, 0);
}

}  // namespace
}  // namespace waybill
