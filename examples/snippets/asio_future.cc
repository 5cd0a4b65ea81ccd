// An Asio coroutine that waits for work in a pool, without blocking the event loop.
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/async/async_wait.h>
#include <waybill/async/co_spawn.h>
#include <waybill/async/run_in_thread.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace asio = boost::asio;

namespace {

const auto logger = waybill::logger("report");

std::string query(const std::string& table) {
  logger.info("reading {}", table);
  return "rows of " + table;
}

asio::awaitable<void> report() {
  const waybill::Scope scope{waybill::Context::current().with({{"job_id", 42}})};
  waybill::Future<std::string> rows = waybill::run_in_thread(query, "orders");
  co_await waybill::async_wait(rows, asio::use_awaitable);
  logger.info("{}", rows.get());
}

}  // namespace

int main() {
  asio::io_context io;
  {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "request"})};
    waybill::co_spawn(io, report(), asio::detached);
  }
  io.run();
}

// Prints
//   [request] INFO - reading orders job_id=42
//   [request] INFO - rows of orders job_id=42
