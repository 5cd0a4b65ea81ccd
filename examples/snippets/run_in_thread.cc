// Blocking calls moved off the caller's thread; to wait for, or to co_await.
#include <string>

#include <waybill/async/run_in_thread.h>
#include <waybill/async/sync_wait.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace {

const auto logger = waybill::logger("database");

std::string query(const std::string& table) {
  logger.info("reading {}", table);
  return "rows of " + table;
}

waybill::task<> handle() {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "request-1"})};
  const std::string rows = co_await waybill::run_in_thread(query, "orders");
  logger.info("{}", rows);
}

}  // namespace

int main() {
  waybill::sync_wait(handle());

  const auto query_in_thread = waybill::to_thread(query);  // the same as a function
  const waybill::Scope scope{waybill::Context::new_trace({.name = "request-2"})};
  logger.info("{}", query_in_thread("accounts").get());
}

// Prints
//   [request-1] INFO - reading orders
//   [request-1] INFO - rows of orders
//   [request-2] INFO - reading accounts
//   [request-2] INFO - rows of accounts
