// oneTBB loops and task groups whose bodies have the caller's context.
#include <atomic>

#include <waybill/async/tbb.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("tbb");
  const waybill::Scope scope{waybill::Context::new_trace({.name = "sweep-1"})};

  std::atomic<int> inherited{0};
  waybill::tbb_parallel_for(
      0, 1000, [&](int) { inherited += waybill::Context::current().trace_name() == "sweep-1"; });
  log.info("{} of 1000 turns", inherited.load());

  waybill::tbb_task_group group;
  group.run([&] { log.info("a task"); });
  group.wait();
}

// Prints
//   [sweep-1] INFO - 1000 of 1000 turns
//   [sweep-1] INFO - a task
