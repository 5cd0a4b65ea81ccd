// For tests: coroutines that change threads in every way that Asio has, with scopes open, and check
// their own id after each.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <waybill/async/internal/asio_test.h>
#include <waybill/core/scope.h>

namespace waybill::internal {

struct Outcome {
  std::atomic<int> wrong{0};
  std::atomic<int> finished{0};

  void check(const std::string& expected) { wrong += current_name() != expected; }
};

template <class Token>
asio::awaitable<void> exchange_bytes(const std::string& name, Token token, Outcome& outcome) {
  const auto executor = co_await asio::this_coro::executor;
  asio::local::stream_protocol::socket here(executor);
  asio::local::stream_protocol::socket there(executor);
  asio::local::connect_pair(here, there);
  std::array<char, 4> bytes{};
  co_await asio::async_write(here, asio::buffer("ping", 4), token);
  outcome.check(name);
  co_await asio::async_read(there, asio::buffer(bytes), token);
  outcome.check(name);
}

// `name` is that of the ambient context; it is the same at the end.
template <class Token>
asio::awaitable<void> wander(std::string name, int steps, Token token, Outcome& outcome) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  outcome.check(name);
  for (int i = 0; i < steps; ++i) {
    timer.expires_after(std::chrono::microseconds(i % 5));
    co_await timer.async_wait(token);
    outcome.check(name);
    {
      const std::string inner_name = name + "-inner";
      const Context inner = counted(inner_name);
      const Scope borrowing{inner};
      co_await asio::post(token);
      outcome.check(inner_name);
      const Scope owning{Context::current().with({{"step", i}})};
      co_await asio::defer(executor, token);
      outcome.check(inner_name);
      outcome.wrong += Context::current().fields().size() != 1;
      if (i == 0) co_await exchange_bytes(inner_name, token, outcome);
    }
    outcome.check(name);
    outcome.wrong += !Context::current().fields().empty();
    co_await asio::dispatch(token);
    outcome.check(name);
  }
  ++outcome.finished;
}

}  // namespace waybill::internal
