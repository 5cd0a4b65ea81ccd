#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <waybill/async/co_spawn.h>
#include <waybill/async/internal/asio_wander.h>
#include <waybill/async/make_strand.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using internal::counted;
using internal::current_name;
using internal::Outcome;
using internal::run_on_threads;
using MakeStrandTest = internal::AsioTest;

TEST_F(MakeStrandTest, RunsEachHandlerUnderItsOwnContext) {
  asio::io_context io;
  const auto strand = waybill::make_strand(io);
  std::string seen;
  for (const char* name : {"a", "b", "c"}) {
    const Scope scope{counted(name)};
    asio::post(strand, [&] { seen += current_name(); });
  }
  io.run();
  EXPECT_EQ(seen, "abc");
}

// As is what an I/O object or a coroutine that carries contexts gives for its executor.
TEST_F(MakeStrandTest, TakesExecutorsThatCarryContextsAlready) {
  asio::io_context io;
  const auto strand = waybill::make_strand(context_executor(io, counted("given")));
  const auto erased = waybill::make_strand(asio::any_io_executor(context_executor(io)));
  std::string seen;
  asio::post(strand, [&] { seen += current_name() + " "; });
  for (const char* name : {"a", "b"}) {
    const Scope scope{counted(name)};
    asio::post(strand, [&] { seen += current_name() + " "; });
  }
  io.run();
  io.restart();
  for (const char* name : {"c", "d"}) {
    const Scope scope{counted(name)};
    asio::post(erased, [&] { seen += current_name() + " "; });
  }
  io.run();
  EXPECT_EQ(seen, "given a b c d ");
}

TEST_F(MakeStrandTest, NeverRunsTwoHandlersAtATime) {
  constexpr int kCoroutines = 200;
  asio::io_context io;
  const auto strand = waybill::make_strand(io);
  Outcome outcome;
  int unguarded = 0;
  const auto count = [&](std::string name) -> asio::awaitable<void> {
    for (int i = 0; i < 20; ++i) {
      ++unguarded;
      co_await asio::post(asio::use_awaitable);
      outcome.check(name);
    }
  };
  for (int i = 0; i < kCoroutines; ++i) {
    const std::string name = "coroutine-" + std::to_string(i);
    waybill::co_spawn(strand, counted(name), count(name), asio::detached);
  }
  run_on_threads(io, 4);
  EXPECT_EQ(outcome.wrong, 0);
  EXPECT_EQ(unguarded, kCoroutines * 20);
}

}  // namespace
}  // namespace waybill
