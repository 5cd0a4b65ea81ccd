// A loop shared among the threads of a pool; each turn inherits, and keeps its changes to itself.
#include <vector>

#include <waybill/async/parallel.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("sweep");
  waybill::ThreadPool pool({.threads = 4});
  const std::vector<int> windows = {5, 10, 20};

  const waybill::Scope scope{waybill::Context::new_trace({.name = "sweep-1"})};
  waybill::parallel_for_each(pool, windows, [&](int window) {
    const waybill::Scope run{waybill::Context::current().with({{"window", window}})};
    log.info("backtest");
  });
  log.info("done");
}

// Prints
//   [sweep-1] INFO - backtest window=5
//   [sweep-1] INFO - backtest window=10
//   [sweep-1] INFO - backtest window=20
//   [sweep-1] INFO - done
