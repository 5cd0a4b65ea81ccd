// A generator and the loop that uses it, each under its own context.
#include <waybill/async/generator.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace {

const auto logger = waybill::logger("rows");

waybill::generator<int> rows(int count) {
  const waybill::Scope scope{waybill::Context::current().with({{"query_id", 9}})};
  for (int i = 1; i <= count; ++i) {
    logger.info("producing");
    co_yield i;
  }
}

}  // namespace

int main() {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "report"})};
  for (const int row : rows(2)) logger.info("row {}", row);
}

// Prints
//   [report] INFO - producing query_id=9
//   [report] INFO - row 1
//   [report] INFO - producing query_id=9
//   [report] INFO - row 2
