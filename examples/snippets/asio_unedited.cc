// An Asio service that knows nothing of Waybill but its scopes: plain co_spawn, plain
// use_awaitable, plain callbacks. It links waybill::asio_tracking, and that is all.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

const auto logger = waybill::logger("service");

asio::awaitable<void> handle(std::string name) {
  const waybill::Scope scope{waybill::Context::new_trace({.name = name})};
  asio::steady_timer timer(co_await asio::this_coro::executor, 1ms);
  co_await timer.async_wait(asio::use_awaitable);  // may go on on another thread
  logger.info("handled");
  asio::post(timer.get_executor(), [] { logger.info("callback"); });
}

}  // namespace

int main() {
  asio::io_context io;
  for (const char* name : {"request-1", "request-2", "request-3"}) {
    asio::co_spawn(io, handle(name), asio::detached);
  }
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&io] { io.run(); });
}

// Prints
//   [request-1] INFO - handled
//   [request-1] INFO - callback
//   [request-2] INFO - handled
//   [request-2] INFO - callback
//   [request-3] INFO - handled
//   [request-3] INFO - callback
