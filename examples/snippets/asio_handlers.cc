// Asio callbacks: an executor adaptor, and a strand, under which each handler has the context of
// its operation's start.
#include <chrono>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <waybill/async/context_executor.h>
#include <waybill/async/make_strand.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace asio = boost::asio;
using namespace std::chrono_literals;

int main() {
  const auto log = waybill::logger("asio");
  asio::io_context io;
  asio::steady_timer timer(waybill::context_executor(io), 1ms);
  const auto strand = waybill::make_strand(io);
  {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "timer-trace"})};
    timer.async_wait([&](const boost::system::error_code&) { log.info("timer"); });
  }
  {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "post-trace"})};
    asio::post(strand, [&] { log.info("post"); });
  }
  io.run();
  log.info("nothing left behind");
}

// Prints
//   [timer-trace] INFO - timer
//   [post-trace] INFO - post
//   [-] INFO - nothing left behind
