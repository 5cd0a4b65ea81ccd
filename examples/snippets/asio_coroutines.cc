// Asio coroutines, spawned by Waybill: each co_await gives back the coroutine's own context, with
// Asio's own tokens, and in groups.
#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/async/co_spawn.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

namespace {

const auto logger = waybill::logger("asio");

asio::awaitable<void> call(int attempt) {
  const waybill::Scope scope{waybill::Context::current().with({{"attempt", attempt}})};
  asio::steady_timer timer(co_await asio::this_coro::executor, attempt * 1ms);
  co_await timer.async_wait(asio::use_awaitable);
  logger.info("answered");
}

asio::awaitable<void> request() {
  const waybill::Scope scope{waybill::Context::current().with({{"job_id", 42}})};
  co_await (call(1) && call(2));
  logger.info("both answered");
}

}  // namespace

int main() {
  asio::io_context io;
  {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "request"})};
    waybill::co_spawn(io, request(), asio::detached);
  }
  io.run();
}

// Prints
//   [request] INFO - answered job_id=42 attempt=1
//   [request] INFO - answered job_id=42 attempt=2
//   [request] INFO - both answered job_id=42
