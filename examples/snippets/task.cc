// Coroutines side by side on four threads, with scopes open across co_await; no line takes
// another's id.
#include <string>
#include <tuple>

#include <waybill/async/sync_wait.h>
#include <waybill/async/thread_pool.h>
#include <waybill/async/when_all.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace {

const auto logger = waybill::logger("fetcher");

waybill::task<int> fetch(waybill::ThreadPool& pool, std::string zip) {
  const waybill::Scope scope{waybill::Context::current().with({{"zip", zip}})};
  logger.info("asking");
  co_await pool.schedule();  // some thread of the pool from here on
  logger.info("parsing");
  co_await pool.schedule();  // and perhaps another one
  logger.info("done");
  co_return static_cast<int>(zip.size());
}

waybill::task<> run(waybill::ThreadPool& pool) {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "gather"})};
  const auto [seattle, new_york] =
      co_await waybill::when_all(fetch(pool, "98101"), fetch(pool, "10001"));
  logger.info("{} letters", seattle + new_york);
}

}  // namespace

int main() {
  waybill::ThreadPool pool({.threads = 4});
  waybill::sync_wait(run(pool));
}

// Prints
//   [gather] INFO - asking zip=98101
//   [gather] INFO - asking zip=10001
//   [gather] INFO - parsing zip=98101
//   [gather] INFO - parsing zip=10001
//   [gather] INFO - done zip=98101
//   [gather] INFO - done zip=10001
//   [gather] INFO - 10 letters
