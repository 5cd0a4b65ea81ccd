// A time-out: the first of two tasks to end wins, the other is asked to stop, and says so under its
// own context.
#include <chrono>

#include <waybill/async/sleep.h>
#include <waybill/async/sync_wait.h>
#include <waybill/async/thread_pool.h>
#include <waybill/async/when_any.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

using namespace std::chrono_literals;

namespace {

const auto logger = waybill::logger("client");

waybill::task<> slow_request(waybill::ThreadPool& pool) {
  const waybill::Scope scope{waybill::Context::current().with({{"attempt", 1}})};
  try {
    co_await waybill::sleep_for(pool.executor(), 1h);
  } catch (const waybill::Cancelled&) {
    logger.warn("gave up");
    throw;
  }
}

waybill::task<> time_out(waybill::ThreadPool& pool) {
  co_await waybill::sleep_for(pool.executor(), 10ms);
}

waybill::task<> run(waybill::ThreadPool& pool) {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "order-1"})};
  const auto first = co_await waybill::when_any(slow_request(pool), time_out(pool));
  logger.info("{}", first.index() == 1 ? "timed out" : "answered");
}

}  // namespace

int main() {
  waybill::ThreadPool pool({.threads = 2});
  waybill::sync_wait(run(pool));
}

// Prints
//   [order-1] WARN - gave up attempt=1
//   [order-1] INFO - timed out
