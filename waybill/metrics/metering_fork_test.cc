// ThreadSanitizer does not let the child of a fork start threads.
#include <waybill/core/sanitizers.h>

#if !WAYBILL_THREAD_SANITIZER

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/metrics/internal/memory_metric_exporter.h>
#include <waybill/metrics/meter.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using internal::MemoryMetricExporter;
using internal::numbers_of;
using testing::ElementsAre;
using namespace std::chrono_literals;

class MeteringForkTest : public testing::Test {
 protected:
  ~MeteringForkTest() override { configure_metrics({}); }
};

// Runs in a child; what it returns is written to a pipe, and returned here.
std::string in_child(const std::function<std::string()>& run) {
  int ends[2];
  if (pipe(ends) != 0) return "no pipe";
  const pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    alarm(60);  // one that hangs fails
    const std::string text = run();
    if (write(ends[1], text.data(), text.size()) < 0) _exit(1);
    _exit(0);
  }
  close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t size; (size = read(ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(size));
  }
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0 ? text : "the child failed";
}

class PipeExporter final : public MetricExporter {
 public:
  explicit PipeExporter(int end) : end_(end) {}
  bool export_metrics(const MetricSnapshot& snapshot) noexcept override {
    std::string text;
    for (const auto& point : internal::points_in<NumberPoint>(snapshot, "metering.end", "c")) {
      text += internal::text_of(point) + ';';
    }
    return write(end_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }

 private:
  int end_;
};

// What is counted by the destructor of a static object that is younger than the set-up is exported,
// too.
struct CountsAtExit {
  std::function<void()> count;
  ~CountsAtExit() { count(); }
};

TEST_F(MeteringForkTest, ExportsAtTheEndOfTheProcess) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto counter = Meter("metering.end").counter("c");
    configure_metrics({.exporters = {std::make_shared<PipeExporter>(ends[1])}, .interval = 24h});
    static const CountsAtExit at_exit{[counter] { counter.add(2); }};
    counter.add(1);
    exit(0);
  }
  close(ends[1]);
  int status = -1;
  waitpid(child, &status, 0);
  char buffer[256] = {};
  EXPECT_GT(read(ends[0], buffer, sizeof buffer - 1), 0);
  close(ends[0]);
  EXPECT_STREQ(buffer, ": 3;");
}

TEST_F(MeteringForkTest, AChildCountsFromZeroAndExportsOnItsOwn) {
  const auto exporter = std::make_shared<MemoryMetricExporter>();
  const Meter meter("metering.fork");
  const auto counter = meter.counter("c");
  const auto bound = counter.bind({{"bound", 1}});
  const auto histogram = meter.histogram("h", {.bounds = {}});
  const auto gauge = meter.gauge("g");
  configure_metrics({.exporters = {exporter}, .interval = 24h});
  counter.add(5);
  bound.add(5);
  histogram.record(5);
  gauge.set(5);
  std::thread([&] { counter.add(5); }).join();
  flush();
  const std::string child = in_child([&] {
    const std::string before = exporter->last("metering.fork", "c");
    counter.add(1);
    bound.add(2);
    histogram.record(3);
    if (!flush()) return std::string("not flushed");
    const auto snapshots = exporter->snapshots();
    const auto point =
        internal::points_in<HistogramPoint>(snapshots.back(), "metering.fork", "h").at(0);
    return before + " | " + exporter->last("metering.fork", "c") + " | " +
           exporter->last("metering.fork", "g") + " | " + std::to_string(point.count) + ' ' +
           std::to_string(static_cast<int>(point.min));
  });
  EXPECT_EQ(child, "bound=1: 5 : 10 | bound=1: 2 : 1 | : 5 | 1 3");
  EXPECT_THAT(numbers_of("metering.fork", "c"), ElementsAre(": 10", "bound=1: 5"));
}

#if !WAYBILL_ADDRESS_SANITIZER  // whose allocator may be locked in the child

class CountingExporter final : public MetricExporter {
 public:
  bool export_metrics(const MetricSnapshot&) noexcept override {
    ++calls;
    return true;
  }
  std::atomic<int> calls = 0;
};

// A stack that is larger than the address space.
void make_threads_fail(bool fail) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, fail ? std::size_t{1} << 47 : std::size_t{1} << 20);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

TEST_F(MeteringForkTest, AChildThatHasNoThreadTriesAgain) {
  const auto exporter = std::make_shared<CountingExporter>();
  const auto counter = Meter("metering.no_thread").counter("c");
  configure_metrics({.exporters = {exporter}, .interval = 10ms});
  EXPECT_EQ(in_child([&] {
              make_threads_fail(true);
              bool failed = false;
              try {
                std::thread([] {}).join();
              } catch (const std::system_error&) {
                failed = true;
              }
              counter.add(1);
              make_threads_fail(false);
              const int before = exporter->calls;
              counter.add(1, {{"another", "point"}});
              while (exporter->calls == before) std::this_thread::yield();
              return std::string(failed ? "exported" : "threads do not fail");
            }),
            "exported");
}

TEST_F(MeteringForkTest, AForkAtAnyMomentLeavesTheChildWhole) {
  const Meter meter("metering.forks");
  const auto counter = meter.counter("c", {.cardinality_limit = 100'000});
  const auto exporter = std::make_shared<MemoryMetricExporter>(Temporality::kDelta);
  configure_metrics({.exporters = {exporter}, .interval = 10ms});
  std::atomic<bool> running = true;
  std::thread busy([&] {
    for (int i = 0; running; ++i) {
      counter.add(1, {{"i", i % 5'000}});
      std::thread([&] { counter.add(1, {{"thread", i % 100}}); }).join();
    }
  });
  std::thread setting_up([&] {
    while (running) meter.counter("c", {.cardinality_limit = 100'000});
  });
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(in_child([&] {
                meter.counter("c").add(1, {{"child", true}});
                std::int64_t sum = 0;
                for (const auto& point : internal::points_of<NumberPoint>("metering.forks", "c")) {
                  sum += std::get<std::int64_t>(point.value);
                }
                return std::to_string(sum);
              }),
              "1");
  }
  running = false;
  setting_up.join();
  busy.join();
}

#endif  // WAYBILL_ADDRESS_SANITIZER

}  // namespace
}  // namespace waybill

#endif  // WAYBILL_THREAD_SANITIZER
