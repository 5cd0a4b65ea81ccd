// A completion token, for a coroutine that something else has started on an executor of its own:
// after each co_await with it, the coroutine has its own context again.
#include <chrono>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <waybill/async/use_awaitable.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

const auto logger = waybill::logger("asio");

asio::awaitable<void> handle(int job) {
  co_await asio::post(waybill::use_awaitable);  // before the first scope: see use_awaitable.h
  const waybill::Scope scope{waybill::Context::new_trace({.name = "jobs"}).with({{"job_id", job}})};
  asio::steady_timer timer(co_await asio::this_coro::executor, job * 1ms);
  co_await timer.async_wait(waybill::use_awaitable);
  logger.info("handled");
}

}  // namespace

int main() {
  asio::io_context io;
  asio::co_spawn(io, handle(1), asio::detached);
  asio::co_spawn(io, handle(2), asio::detached);
  io.run();
  logger.info("nothing left behind");
}

// Prints
//   [jobs] INFO - handled job_id=1
//   [jobs] INFO - handled job_id=2
//   [-] INFO - nothing left behind
