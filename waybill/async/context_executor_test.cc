#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <waybill/async/context_executor.h>
#include <waybill/async/internal/asio_test.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using boost::system::error_code;
using internal::Counted;
using internal::counted;
using internal::current_name;
using IoExecutor = asio::io_context::executor_type;
using IoContextExecutor = ContextExecutor<IoExecutor>;
using ContextTimer =
    asio::basic_waitable_timer<std::chrono::steady_clock,
                               asio::wait_traits<std::chrono::steady_clock>, IoContextExecutor>;
using ContextExecutorTest = internal::AsioTest;

constexpr auto kNever = std::chrono::steady_clock::time_point::max();

static_assert(asio::execution::is_executor<IoContextExecutor>::value);
static_assert(asio::execution::is_executor<ContextExecutor<asio::any_io_executor>>::value);
static_assert(
    asio::execution::is_executor<ContextExecutor<asio::thread_pool::executor_type>>::value);
static_assert(asio::execution::is_executor<ContextExecutor<asio::system_executor>>::value);
static_assert(std::is_convertible_v<IoContextExecutor, asio::any_io_executor>);
static_assert(std::is_nothrow_copy_constructible_v<IoContextExecutor>);
static_assert(std::is_nothrow_move_constructible_v<IoContextExecutor>);
// What any_io_executor keeps without an allocation.
static_assert(sizeof(ContextExecutor<IoExecutor, detail::AmbientCapture>) <= 3 * sizeof(void*));

TEST_F(ContextExecutorTest, RunsWorkUnderTheContextOfWhoeverHandsItOver) {
  asio::io_context io;
  const auto executor = context_executor(io);
  std::string seen;
  const auto look = [&] { seen += current_name() + " "; };
  {
    const Scope scope{counted("a")};
    asio::post(executor, look);
    asio::defer(executor, look);
  }
  {
    const Scope scope{counted("b")};
    asio::dispatch(executor, look);
    asio::post(asio::any_io_executor(executor), look);
    asio::post(asio::bind_executor(executor, look));
  }
  io.run();
  EXPECT_EQ(seen, "a a b b b ");
}

TEST_F(ContextExecutorTest, PutsBackWhatTheThreadHad) {
  asio::io_context io;
  bool ran = false;
  {
    const Scope scope{counted("poster")};
    asio::post(context_executor(io), [&] {
      ran = current_name() == "poster";
      restore(counted("left behind"));
    });
  }
  const Scope scope{counted("runner")};
  io.run();
  EXPECT_TRUE(ran);
  EXPECT_EQ(current_name(), "runner");
}

TEST_F(ContextExecutorTest, PutsBackWhatTheThreadHadWhenAHandlerThrows) {
  asio::io_context io;
  {
    const Scope scope{counted("poster")};
    asio::post(context_executor(io), [] { throw 1; });
  }
  EXPECT_THROW(io.run(), int);
}

// Whatever the executor is wrapped in, and whoever makes the operation complete.
TEST_F(ContextExecutorTest, RunsAHandlerUnderTheContextOfItsInitiation) {
  asio::io_context io;
  const auto executor = context_executor(io);
  ContextTimer timer(executor, kNever);
  asio::steady_timer erased_timer(executor, kNever);
  asio::steady_timer plain_timer(io, kNever);
  std::string seen;
  const auto look = [&](error_code) { seen += current_name() + " "; };
  {
    const Scope scope{counted("a")};
    timer.async_wait(look);
  }
  {
    const Scope scope{counted("b")};
    erased_timer.async_wait(look);
  }
  {
    const Scope scope{counted("c")};
    plain_timer.async_wait(asio::bind_executor(executor, look));
  }
  {
    const Scope scope{counted("d")};
    plain_timer.async_wait(asio::bind_executor(asio::any_io_executor(executor), look));
  }
  const Scope canceller{counted("canceller")};
  asio::post(executor, [&] {
    timer.cancel();
    erased_timer.cancel();
    plain_timer.cancel();
  });
  io.run();
  EXPECT_EQ(seen, "a b c d ");
}

// The sender hands the receiver's handler to the executor, from its own context.
TEST_F(ContextExecutorTest, RunsAHandlerUnderItsOwnContextWhenSomebodyElseCompletesIt) {
  asio::io_context io;
  asio::experimental::channel<void(error_code, int)> channel(context_executor(io));
  std::string seen;
  {
    const Scope scope{counted("receiver")};
    channel.async_receive([&](error_code, int) { seen += current_name() + " "; });
  }
  {
    const Scope scope{counted("sender")};
    channel.async_send({}, 1, [&](error_code) { seen += current_name() + " "; });
  }
  io.run();
  EXPECT_TRUE(seen == "receiver sender " || seen == "sender receiver ") << seen;
}

TEST_F(ContextExecutorTest, RunsAHandlerThatBeganWithoutAContextWithoutOne) {
  asio::io_context io;
  asio::steady_timer timer(context_executor(io), std::chrono::seconds(0));
  int without = 0;
  timer.async_wait([&](error_code) { without += Context::current().empty(); });
  asio::post(context_executor(io), [&] { without += Context::current().empty(); });
  const Scope scope{counted("runner")};
  io.run();
  EXPECT_EQ(without, 2);
}

TEST_F(ContextExecutorTest, UsesTheGivenContextWhereThereIsNone) {
  asio::io_context io;
  const auto executor = context_executor(io, counted("given"));
  asio::steady_timer timer(executor, std::chrono::seconds(0));
  std::string seen;
  const auto look = [&](error_code) { seen += current_name() + " "; };
  timer.async_wait(look);
  asio::post(context_executor(executor), std::bind(look, error_code()));
  {
    const Scope scope{counted("caller's")};
    asio::post(executor, std::bind(look, error_code()));
    asio::post(context_executor(executor, counted("other")), std::bind(look, error_code()));
  }
  asio::post(context_executor(executor, counted("other")), std::bind(look, error_code()));
  io.run();
  EXPECT_EQ(seen, "given caller's caller's other given ");
}

TEST_F(ContextExecutorTest, TakesAScopeOfAnEmptyContextForWhatItIs) {
  asio::io_context io;
  bool empty = false;
  {
    const Scope scope{Context{}};
    asio::post(context_executor(io, counted("given")), [&] { empty = Context::current().empty(); });
  }
  io.run();
  EXPECT_TRUE(empty);
}

TEST_F(ContextExecutorTest, DestroysWhatAHandlerOwnsUnderItsContext) {
  asio::io_context io;
  std::string seen;
  struct Session {
    ~Session() { seen = current_name(); }
    std::string& seen;
  };
  {
    const Scope scope{counted("session")};
    asio::post(context_executor(io), [session = std::make_unique<Session>(seen)] {});
  }
  io.run();
  EXPECT_EQ(seen, "session");
}

TEST_F(ContextExecutorTest, ReleasesContextsOfOperationsThatNeverComplete) {
  std::optional<asio::io_context> io(std::in_place);
  auto timer = std::make_unique<ContextTimer>(context_executor(*io), kNever);
  {
    const Scope scope{counted("pending")};
    timer->async_wait([](error_code) {});
    asio::post(context_executor(*io), [] {});
  }
  EXPECT_EQ(Counted::alive, 1);
  timer.reset();
  io.reset();
  EXPECT_EQ(Counted::alive, 0);
}

TEST_F(ContextExecutorTest, IsTheInnerExecutorInEverythingElse) {
  asio::io_context io;
  asio::io_context other;
  const auto executor = context_executor(io);
  EXPECT_TRUE(executor == context_executor(io, counted("given")));
  EXPECT_TRUE(executor != context_executor(other));
  EXPECT_TRUE(executor.get_inner_executor() == io.get_executor());
  EXPECT_EQ(&asio::query(executor, asio::execution::context), &io);
  const auto never = asio::require(executor, asio::execution::blocking.never);
  EXPECT_TRUE(asio::query(never, asio::execution::blocking) == asio::execution::blocking.never);
  {
    const auto guard = asio::make_work_guard(executor);
    EXPECT_EQ(io.poll(), 0U);
    EXPECT_FALSE(io.stopped());
  }
  EXPECT_EQ(io.poll(), 0U);
  EXPECT_TRUE(io.stopped());
}

TEST_F(ContextExecutorTest, KeepsThreadsOfAPoolApart) {
  constexpr int kPosts = 20'000;
  std::atomic<int> wrong{0};
  asio::thread_pool pool(4);
  for (int i = 0; i < kPosts; ++i) {
    const std::string name = "job-" + std::to_string(i);
    const Scope scope{counted(name)};
    asio::post(context_executor(pool), [&wrong, &pool, name] {
      wrong += current_name() != name;
      asio::post(context_executor(pool), [&wrong, name] { wrong += current_name() != name; });
    });
  }
  pool.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace waybill
