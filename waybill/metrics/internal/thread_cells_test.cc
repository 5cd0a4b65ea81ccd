#include <algorithm>
#include <chrono>
#include <latch>
#include <thread>

#include <gtest/gtest.h>

#include <waybill/metrics/internal/cells.h>
#include <waybill/metrics/internal/series.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/internal/thread_cells.h>
#include <waybill/metrics/meter.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// Who reads waits a quarter of a second for a thread in the middle of a write; nobody waits for who
// reads.
TEST(ThreadCells, AreMadeWhileTheReaderWaits) {
  const Meter meter("cells.wait");
  const auto histogram = meter.histogram("h", {.bounds = {}});
  const auto counter = meter.counter("c", {.cardinality_limit = 1'000'000});
  histogram.record(1);
  auto* cell = own_cell<HistogramCell>(histogram.instrument().series.find({}).index);
  ASSERT_NE(cell, nullptr);
  std::latch collecting(1);
  const auto handle =
      meter.observable_gauge("begun", {}, [&collecting, first = true](Observer&) mutable {
        if (std::exchange(first, false)) collecting.count_down();
      });
  cell->begin_write();
  std::thread reader([] { collect(); });
  collecting.wait();
  auto longest = 0ns;
  const auto begin = steady_clock::now();
  for (int i = 0; steady_clock::now() - begin < 50ms; ++i) {
    const auto before = steady_clock::now();
    counter.add(1, {{"i", i}});
    longest = std::max<std::chrono::nanoseconds>(longest, steady_clock::now() - before);
  }
  cell->end_write();
  reader.join();
  EXPECT_LT(longest, 200ms);
}

}  // namespace
}  // namespace waybill::internal
