#include <atomic>
#include <cstdlib>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/core/sanitizers.h>
#include <waybill/metrics/internal/cells.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/write_barrier.h>

#if !WAYBILL_THREAD_SANITIZER  // under which it is always there
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace waybill::internal {
namespace {

#if !WAYBILL_THREAD_SANITIZER

TEST(WriteBarrier, IsThereOnlyWhileDifferencesAreTaken) {
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) {
    GTEST_SKIP() << "there is no membarrier()";
  }
  EXPECT_FALSE(writes_have_barrier);
  {
    const TakingDifferences taking;
    EXPECT_TRUE(writes_have_barrier);
    const pid_t child = fork();
    if (child == 0) _exit(writes_have_barrier ? 1 : 0);
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "in the child, nobody takes";
  }
  EXPECT_FALSE(writes_have_barrier);
  MetricCollector::get().collect(true);
  EXPECT_FALSE(writes_have_barrier);
}

#endif

// One thread whose values rise, and one that takes and takes: no value is overlooked, and none is
// in two differences.
TEST(WriteBarrier, DividesWhatIsMeasuredExactly) {
  const std::size_t size = HistogramCell::size_for(1);
  const std::unique_ptr<void, decltype(&std::free)> memory(std::calloc(1, size), &std::free);
  auto& cell = *static_cast<HistogramCell*>(memory.get());
  constexpr int kMeasurements = 2'000'000;
  std::atomic<bool> running = true;
  std::thread writer([&] {
    for (int i = 1; i <= kMeasurements; ++i) {
      cell.begin_write();
      cell.measure(i);
      cell.end_write();
    }
    running = false;
  });
  double last = 0;
  const auto take = [&] {
    const TakingDifferences taking;
    for (int i = 0; i < 10; ++i) {
      Distribution difference;
      if (!read_cell(cell, true, difference, [](HistogramCell&) {})) continue;
      if (!difference.measured_since) continue;
      ASSERT_EQ(difference.min_since, last + 1);
      last = difference.max_since;
      ASSERT_EQ(difference.sum, last * (last + 1) / 2);
    }
  };
  while (running && !HasFatalFailure()) take();
  writer.join();
  take();
  EXPECT_EQ(last, kMeasurements);
}

}  // namespace
}  // namespace waybill::internal
