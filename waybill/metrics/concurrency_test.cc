#include <atomic>
#include <chrono>
#include <map>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/core.h>
#include <waybill/metrics/internal/metric_collector.h>
#include <waybill/metrics/internal/snapshot_lookup.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace {

using internal::points_in;
using internal::points_of;

constexpr int kThreads = 8;
constexpr int kMeasurements = 20'000;

// Runs measure(thread, i) on eight threads while another one collects; check(snapshot) on each.
template <class Measure, class Check>
void measure_while_collecting(Measure measure, Check check) {
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kMeasurements; ++i) measure(thread, i);
      --running;
    });
  }
  while (running != 0) check(collect());
  for (std::thread& thread : threads) thread.join();
  check(collect());
}

TEST(ManyThreads, SumsAreExactAndNeverFall) {
  const Meter meter("threads.sum");
  const auto counter = meter.counter("c");
  const auto real = meter.double_counter("d");
  const auto bound = counter.bind({{"bound", true}});
  std::map<std::string, std::int64_t> seen;
  const auto check = [&](const MetricSnapshot& snapshot) {
    for (const auto& point : points_in<NumberPoint>(snapshot, "threads.sum", "c")) {
      const auto value = std::get<std::int64_t>(point.value);
      std::int64_t& before = seen[internal::text_of(point.attributes)];
      ASSERT_GE(value, before);
      before = value;
    }
  };
  measure_while_collecting(
      [&](int thread, int i) {
        counter.add(1, {{"thread", thread % 4}, {"parity", i % 2 == 0}});
        bound.add(2);
        real.add(0.5);
      },
      check);
  EXPECT_EQ(seen.size(), 9U);
  for (const auto& [attributes, value] : seen) {
    EXPECT_EQ(value, attributes == "bound=true" ? 2 * kThreads * kMeasurements : kMeasurements)
        << attributes;
  }
  EXPECT_EQ(std::get<double>(points_of<NumberPoint>("threads.sum", "d").at(0).value),
            0.5 * kThreads * kMeasurements);
}

// All values are 1 to 4: in every state that is collected, the parts agree.
template <class Point>
void expect_whole(const Point& point) {
  if (point.count == 0) return;
  ASSERT_GE(point.sum, static_cast<double>(point.count));
  ASSERT_LE(point.sum, 4.0 * static_cast<double>(point.count));
  ASSERT_GE(point.min, 1);
  ASSERT_LE(point.max, 4);
}

TEST(ManyThreads, HistogramsAreCollectedInOnePiece) {
  const Meter meter("threads.histogram");
  const auto histogram = meter.histogram("h", {.bounds = {1, 2, 3}});
  const auto exponential = meter.exponential_histogram("e");
  const auto check = [&](const MetricSnapshot& snapshot) {
    for (const auto& point : points_in<HistogramPoint>(snapshot, "threads.histogram", "h")) {
      expect_whole(point);
    }
    for (const auto& point :
         points_in<ExponentialHistogramPoint>(snapshot, "threads.histogram", "e")) {
      expect_whole(point);
    }
  };
  measure_while_collecting(
      [&](int, int i) {
        histogram.record(1 + i % 4);
        exponential.record(1 + i % 4);
      },
      check);
  constexpr std::uint64_t kEach = kThreads * kMeasurements / 4;
  const auto point = points_of<HistogramPoint>("threads.histogram", "h").at(0);
  EXPECT_THAT(point.buckets, testing::ElementsAre(kEach, kEach, kEach, kEach));
  EXPECT_EQ(point.sum, 10.0 * kEach);
  const auto other = points_of<ExponentialHistogramPoint>("threads.histogram", "e").at(0);
  EXPECT_EQ(other.count, 4 * kEach);
  EXPECT_EQ(other.sum, 10.0 * kEach);
}

// Points that appear while others are looked for, beyond the limit as well.
TEST(ManyThreads, NewPointsAppearOnce) {
  const auto counter = Meter("threads.points").counter("c", {.cardinality_limit = 500});
  const auto check = [](const MetricSnapshot& snapshot) {
    std::map<std::string, int> times;
    for (const auto& point : points_in<NumberPoint>(snapshot, "threads.points", "c")) {
      ASSERT_EQ(++times[internal::text_of(point.attributes)], 1);
    }
  };
  measure_while_collecting(
      [&](int thread, int i) {
        if (thread % 2 == 0) {
          counter.add(1, {{"i", i % 1'000}, {"a", 1}});
        } else {
          counter.add(1, {{"a", 1}, {"i", i % 1'000}});
        }
      },
      check);
  std::int64_t sum = 0;
  const auto points = points_of<NumberPoint>("threads.points", "c");
  for (const auto& point : points) sum += std::get<std::int64_t>(point.value);
  EXPECT_EQ(points.size(), 500U);
  EXPECT_EQ(sum, std::int64_t{kThreads} * kMeasurements);
}

// What threads have counted stays when they end, and the next ones go on with it.
TEST(ManyThreads, MayComeAndGo) {
  const auto counter = Meter("threads.short").counter("c");
  const auto histogram = Meter("threads.short").histogram("h");
  for (int i = 0; i < 200; ++i) {
    std::thread([&] {
      counter.add(1);
      histogram.record(i);
    }).join();
  }
  EXPECT_EQ(internal::numbers_of("threads.short", "c"), std::vector<std::string>{": 200"});
  const auto point = points_of<HistogramPoint>("threads.short", "h").at(0);
  EXPECT_EQ(point.count, 200U);
  EXPECT_EQ(point.min, 0);
  EXPECT_EQ(point.max, 199);
}

// Threads record rising values: the differences add up to all, and the extremes of each are those
// of its own values.
TEST(ManyThreads, DifferencesAreExact) {
  const Meter meter("threads.differences");
  const auto histogram = meter.histogram("h", {.bounds = {}});
  const auto exponential = meter.exponential_histogram("e");
  const auto counter = meter.counter("c");
  std::atomic<int> running = kThreads;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int i = 1; i <= kMeasurements; ++i) {
        histogram.record(i);
        exponential.record(i);
        counter.add(i);
      }
      --running;
    });
  }
  std::uint64_t count = 0;
  std::uint64_t exponential_count = 0;
  double sum = 0;
  std::int64_t added = 0;
  const auto take = [&] {
    MetricSnapshot snapshot;
    snapshot.metrics = internal::MetricCollector::get().collect(true).differences;
    for (const auto& point : points_in<HistogramPoint>(snapshot, "threads.differences", "h")) {
      count += point.count;
      sum += point.sum;
      ASSERT_EQ(point.buckets.at(0), point.count);
      // As exact as sums can be: the mean is between the extremes.
      const double mean = point.sum / static_cast<double>(point.count);
      ASSERT_LE(point.min, mean);
      ASSERT_GE(point.max, mean);
    }
    for (const auto& point :
         points_in<ExponentialHistogramPoint>(snapshot, "threads.differences", "e")) {
      exponential_count += point.count;
    }
    for (const auto& point : points_in<NumberPoint>(snapshot, "threads.differences", "c")) {
      added += std::get<std::int64_t>(point.value);
    }
  };
  while (running != 0) take();
  for (std::thread& thread : threads) thread.join();
  take();
  constexpr std::uint64_t kAll = std::uint64_t{kThreads} * kMeasurements;
  EXPECT_EQ(count, kAll);
  EXPECT_EQ(exponential_count, kAll);
  EXPECT_EQ(added, static_cast<std::int64_t>(kAll * (kMeasurements + 1) / 2));
  EXPECT_EQ(sum, static_cast<double>(added));
}

// One thread whose values rise: no difference may have a minimum that belongs to the one before.
TEST(ManyThreads, ExtremesOfADifferenceAreItsOwn) {
  const auto histogram = Meter("threads.extremes").histogram("h", {.bounds = {}});
  std::atomic<bool> running = true;
  std::thread writer([&] {
    for (int i = 1; i <= 200'000; ++i) histogram.record(i);
    running = false;
  });
  double last = 0;
  const auto take = [&] {
    MetricSnapshot snapshot;
    snapshot.metrics = internal::MetricCollector::get().collect(true).differences;
    for (const auto& point : points_in<HistogramPoint>(snapshot, "threads.extremes", "h")) {
      ASSERT_EQ(point.min, last + 1);
      ASSERT_EQ(point.max, last + static_cast<double>(point.count));
      last = point.max;
    }
  };
  while (running) take();
  writer.join();
  take();
  EXPECT_EQ(last, 200'000);
}

TEST(ManyThreads, ExemplarsAreWhole) {
  const auto histogram = Meter("threads.exemplars").histogram("h", {.bounds = {2}});
  const auto check = [](const MetricSnapshot& snapshot) {
    for (const auto& point : points_in<HistogramPoint>(snapshot, "threads.exemplars", "h")) {
      for (const Exemplar& exemplar : point.exemplars) {
        const auto value = static_cast<int>(std::get<double>(exemplar.value));
        ASSERT_EQ(exemplar.trace_id,
                  TraceId::from_name(std::string("t").append(std::to_string(value))));
      }
    }
  };
  measure_while_collecting(
      [&](int thread, int i) {
        thread_local Context context =
            Context::new_trace({.name = std::string("t").append(std::to_string(thread % 4))});
        if (i % 16 != 0) return;
        const Scope scope{context};
        histogram.record(thread % 4);
      },
      check);
  EXPECT_EQ(points_of<HistogramPoint>("threads.exemplars", "h").at(0).exemplars.size(), 2U);
}

}  // namespace
}  // namespace waybill
