// An OpenMP region whose threads have the caller's context.
#include <atomic>

#include <waybill/async/openmp.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("openmp");
  const waybill::Scope scope{waybill::Context::new_trace({.name = "sweep-1"})};

  std::atomic<int> inherited{0};
  const waybill::OpenMpRegion region;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 1000; ++i) {
    const auto here = region.enter();
    inherited += waybill::Context::current().trace_name() == "sweep-1";
  }
  log.info("{} of 1000 turns", inherited.load());
}

// Prints
//   [sweep-1] INFO - 1000 of 1000 turns
