// Periodic work: each tick is a span of its own in the trace that scheduled it.
#include <chrono>

#include <boost/asio/io_context.hpp>

#include <waybill/async/timers.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

using namespace std::chrono_literals;

int main() {
  const auto log = waybill::logger("poller");
  boost::asio::io_context io;
  waybill::SpanId scheduler;
  waybill::Timer poll;
  int ticks = 0;
  {
    const waybill::Scope scope{
        waybill::Context::new_trace({.name = "poll"}).with({{"account_id", "acme"}})};
    scheduler = waybill::Context::current().span_id();
    poll = waybill::every(io, 1ms, [&] {
      const bool child = waybill::Context::current().parent_span_id() == scheduler;
      log.info("tick {}, {}", ++ticks, child ? "a child span" : "not a child");
      if (ticks == 3) poll.stop();
    });
  }
  io.run();
}

// Prints
//   [poll] INFO - tick 1, a child span account_id=acme
//   [poll] INFO - tick 2, a child span account_id=acme
//   [poll] INFO - tick 3, a child span account_id=acme
