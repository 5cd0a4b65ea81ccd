#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/metrics/internal/memory_metric_exporter.h>
#include <waybill/metrics/meter.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using internal::MemoryMetricExporter;
using internal::numbers_of;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

class MeteringTest : public testing::Test {
 protected:
  ~MeteringTest() override { configure_metrics({}); }
};

std::string error_of(const MetricsOptions& options) {
  try {
    configure_metrics(options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(MeteringTest, RefusesOptionsOutOfRange) {
  EXPECT_EQ(error_of({.interval = 9ms}),
            "option 'interval': '9ms' is not valid: expected 10 ms to a day");
  EXPECT_THAT(error_of({.interval = 25h}), HasSubstr("'interval'"));
  EXPECT_THAT(error_of({.timeout = -1ms}), HasSubstr("'timeout'"));
  EXPECT_THAT(error_of({.exporters = {nullptr}}), HasSubstr("'exporters'"));
}

TEST_F(MeteringTest, ExportsEachInterval) {
  const auto exporter = std::make_shared<MemoryMetricExporter>();
  const auto counter = Meter("metering.interval").counter("c");
  counter.add(3);
  configure_metrics({.service = "shop",
                     .resource_attributes = {{"service.version", "1"}},
                     .exporters = {exporter},
                     .interval = 10ms});
  exporter->wait_for(2);
  EXPECT_EQ(exporter->last("metering.interval", "c"), ": 3");
  const MetricSnapshot snapshot = exporter->snapshots().back();
  EXPECT_EQ(snapshot.resource.service_name, "shop");
  EXPECT_EQ(snapshot.resource.attributes.at(0).second, "1");
}

TEST_F(MeteringTest, ExportsWhenFlushed) {
  const auto exporter = std::make_shared<MemoryMetricExporter>();
  const auto counter = Meter("metering.flush").counter("c");
  configure_metrics({.exporters = {exporter}, .interval = 24h});
  counter.add(1);
  EXPECT_TRUE(flush());
  EXPECT_EQ(exporter->last("metering.flush", "c"), ": 1");
  counter.add(1);
  EXPECT_TRUE(flush());
  EXPECT_EQ(exporter->last("metering.flush", "c"), ": 2");
}

class CountingExporter final : public MetricExporter {
 public:
  bool export_metrics(const MetricSnapshot&) noexcept override {
    ++calls;
    return true;
  }
  std::atomic<int> calls = 0;
};

TEST_F(MeteringTest, KeepsItsScheduleHoweverOftenItIsFlushed) {
  const auto exporter = std::make_shared<CountingExporter>();
  configure_metrics({.exporters = {exporter}, .interval = 200ms});
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(flush());
  const int before = exporter->calls;
  const auto deadline = std::chrono::steady_clock::now() + 5s;
  while (exporter->calls == before && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::yield();
  }
  EXPECT_GT(exporter->calls, before);
}

TEST_F(MeteringTest, GivesEachExporterTheTemporalityThatItPrefers) {
  const auto cumulative = std::make_shared<MemoryMetricExporter>();
  const auto delta = std::make_shared<MemoryMetricExporter>(Temporality::kDelta);
  const Meter meter("metering.temporality");
  const auto counter = meter.counter("c");
  const auto other = meter.counter("other");
  const auto gauge = meter.gauge("g");
  configure_metrics({.exporters = {cumulative, delta}, .interval = 24h});
  flush();
  counter.add(2, {{"a", 1}});
  other.add(1);
  gauge.set(5);
  flush();
  EXPECT_EQ(delta->last("metering.temporality", "c"), "a=1: 2");
  counter.add(3, {{"a", 1}});
  flush();
  EXPECT_EQ(cumulative->last("metering.temporality", "c"), "a=1: 5");
  EXPECT_EQ(cumulative->last("metering.temporality", "other"), ": 1");
  EXPECT_EQ(delta->last("metering.temporality", "c"), "a=1: 3");
  EXPECT_EQ(delta->last("metering.temporality", "other"), "") << "nothing was added";
  EXPECT_EQ(delta->last("metering.temporality", "g"), ": 5");
  const auto find = [](const MemoryMetricExporter& exporter, std::size_t at) {
    const auto snapshots = exporter.snapshots();
    return *internal::find_metric(snapshots.at(at), "metering.temporality", "c");
  };
  EXPECT_EQ(find(*cumulative, 2).temporality, Temporality::kCumulative);
  EXPECT_EQ(find(*delta, 2).temporality, Temporality::kDelta);
  const auto point = [&](std::size_t at) {
    return std::get<std::vector<NumberPoint>>(find(*delta, at).points).at(0);
  };
  EXPECT_EQ(point(2).start, point(1).time) << "differences leave no gap";
}

class ExponentialExporter final : public MemoryMetricExporter {
 public:
  bool prefers_exponential_histograms() const noexcept override { return true; }
};

MetricKind kind_of(std::string_view meter, std::string_view name) {
  const MetricSnapshot snapshot = collect();
  const MetricData* metric = internal::find_metric(snapshot, meter, name);
  return metric != nullptr ? metric->kind : MetricKind::kGauge;
}

TEST_F(MeteringTest, MakesHistogramsThatAreLeftOpenAsAnExporterPrefers) {
  const Meter meter("metering.histograms");
  meter.histogram("before").record(1);
  configure_metrics({.exporters = {std::make_shared<MemoryMetricExporter>(),
                                   std::make_shared<ExponentialExporter>()},
                     .interval = 24h});
  meter.histogram("open").record(1);
  meter.histogram("chosen", {.bounds = default_bounds()}).record(1);
  meter.histogram("single", {.bounds = {}}).record(1);
  meter.histogram("before").record(2);
  EXPECT_EQ(kind_of("metering.histograms", "open"), MetricKind::kExponentialHistogram);
  EXPECT_EQ(kind_of("metering.histograms", "chosen"), MetricKind::kHistogram);
  EXPECT_EQ(kind_of("metering.histograms", "single"), MetricKind::kHistogram);
  EXPECT_EQ(kind_of("metering.histograms", "before"), MetricKind::kHistogram)
      << "what is there stays what it is";

  configure_metrics({.exporters = {std::make_shared<MemoryMetricExporter>()}, .interval = 24h});
  meter.histogram("after").record(1);
  meter.histogram("open").record(2);
  EXPECT_EQ(kind_of("metering.histograms", "after"), MetricKind::kHistogram);
  EXPECT_EQ(kind_of("metering.histograms", "open"), MetricKind::kExponentialHistogram);
  EXPECT_THROW(meter.histogram("open", {.bounds = {1}}), Error);
  EXPECT_THROW(meter.histogram("open", {.unit = "s"}), Error);
}

// What was exported as a difference is not exported again by the next set-up.
TEST_F(MeteringTest, LosesAndRepeatsNothingBetweenSetUps) {
  const auto first = std::make_shared<MemoryMetricExporter>(Temporality::kDelta);
  const auto second = std::make_shared<MemoryMetricExporter>(Temporality::kDelta);
  const auto counter = Meter("metering.replaced").counter("c");
  configure_metrics({.exporters = {first}, .interval = 24h});
  counter.add(1);
  configure_metrics({.exporters = {second}, .interval = 24h});
  EXPECT_EQ(first->last("metering.replaced", "c"), ": 1");
  counter.add(2);
  flush();
  EXPECT_EQ(second->last("metering.replaced", "c"), ": 2");
  EXPECT_EQ(first->snapshots().size(), 1U);
}

class FailingExporter final : public MetricExporter {
 public:
  bool export_metrics(const MetricSnapshot&) noexcept override { return false; }
};

TEST_F(MeteringTest, CountsExportsThatFail) {
  const MetricCounts before = metric_counts();
  configure_metrics({.exporters = {std::make_shared<FailingExporter>()}, .interval = 24h});
  EXPECT_TRUE(flush());
  EXPECT_EQ(metric_counts().failed_exports, before.failed_exports + 1);
  EXPECT_EQ(metric_counts().exports, before.exports);
}

class StuckExporter final : public MetricExporter {
 public:
  ~StuckExporter() override { gone = true; }
  bool export_metrics(const MetricSnapshot&) noexcept override {
    ++calls;
    while (!may_return) std::this_thread::yield();
    return true;
  }
  std::atomic<bool> may_return = false;
  static inline std::atomic<int> calls = 0;
  static inline std::atomic<bool> gone = false;
};

// The thread that is left behind exports no more once it goes on.
TEST_F(MeteringTest, DoesNotWaitForEverForAnExporter) {
  auto stuck = std::make_shared<StuckExporter>();
  StuckExporter& exporter = *stuck;
  configure_metrics({.exporters = {std::move(stuck)}, .interval = 24h, .timeout = 20ms});
  EXPECT_FALSE(flush(20ms));
  configure_metrics({});
  exporter.may_return = true;
  while (!StuckExporter::gone) std::this_thread::yield();
  EXPECT_EQ(StuckExporter::calls, 1);
}

class ConfiguringExporter final : public MetricExporter {
 public:
  bool export_metrics(const MetricSnapshot&) noexcept override {
    error = error_of({});
    flushed = flush(10s);
    return true;
  }
  std::string error;
  bool flushed = true;
};

TEST_F(MeteringTest, CannotBeSetUpOrFlushedByAnExporter) {
  const auto exporter = std::make_shared<ConfiguringExporter>();
  configure_metrics({.exporters = {exporter}, .interval = 24h});
  EXPECT_TRUE(flush());
  EXPECT_THAT(exporter->error, HasSubstr("from a callback, an exporter or a sink"));
  EXPECT_FALSE(exporter->flushed);
}

TEST_F(MeteringTest, CannotBeSetUpOrFlushedByACallback) {
  const auto exporter = std::make_shared<CountingExporter>();
  configure_metrics({.exporters = {exporter}, .interval = 24h, .pipeline_metrics = true});
  const auto mine = std::this_thread::get_id();
  std::string error;
  bool flushed = true;
  auto handle = Meter("metering.callback").observable_gauge("g", {}, [&](Observer&) {
    // The reader's thread, which flush() has asked for an export, comes here too.
    if (std::this_thread::get_id() != mine) return;
    error = error_of({});
    flushed = flush(10s);
  });
  collect();
  EXPECT_THAT(error, HasSubstr("from a callback, an exporter or a sink"));
  EXPECT_FALSE(flushed);
  handle = ObservableHandle();
  EXPECT_FALSE(numbers_of("waybill", "waybill.pipeline.flushes").empty()) << "as it was before";
}

TEST_F(MeteringTest, TellsWhatThePipelineCounts) {
  configure_metrics({.pipeline_metrics = true});
  EXPECT_THAT(
      numbers_of("waybill", "waybill.pipeline.dropped"),
      ElementsAre(testing::StartsWith("reason=no_memory: "),
                  testing::StartsWith("reason=ring_full: "), testing::StartsWith("reason=sink: "),
                  testing::StartsWith("reason=too_large: ")));
  const auto flushes = [] {
    return std::get<std::int64_t>(
        internal::points_of<NumberPoint>("waybill", "waybill.pipeline.flushes").at(0).value);
  };
  const std::int64_t before = flushes();
  flush();
  EXPECT_EQ(flushes(), before + 1);
  configure_metrics({});
  EXPECT_TRUE(numbers_of("waybill", "waybill.pipeline.flushes").empty());
}

}  // namespace
}  // namespace waybill
