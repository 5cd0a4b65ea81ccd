// Exporters in processes that fork and end. ThreadSanitizer does not let the child of a fork start
// threads.
#include <waybill/core/sanitizers.h>

#if !WAYBILL_THREAD_SANITIZER

#include <cstdlib>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/log/internal/temporary_folder.h>
#include <waybill/metrics/meter.h>
#include <waybill/metrics/metering.h>
#include <waybill/otlp/internal/exporters_fixture.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;
using internal::ExportersTest;
using internal::spans_in;
using internal::TestCollector;

// The parent delivers what was recorded before the fork, once; the child what it records itself.
TEST_F(ExportersTest, AChildExportsItsOwn) {
  trace_to(otlp_span_exporter(options()));
  configure_logging({.outputs = {{.records = otlp_log_sink(options())}}});
  { auto span = waybill::span("first"); }
  EXPECT_TRUE(flush(30s));  // there is a connection, and a thread
  { auto span = waybill::span("parent's"); }
  waybill::logger("test").info("parent's");
  const pid_t child = fork();
  if (child == 0) {
    {
      auto span = waybill::span("child's");
    }
    waybill::logger("test").info("child's");
    _exit(flush(30s) ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(flush(30s));
  std::string all;
  for (const auto& request : collector_.requests()) all += request.body;
  for (const std::string_view text : {"parent's", "child's"}) {
    std::size_t times = 0;
    for (auto at = all.find(text); at != std::string::npos; at = all.find(text, at + 1)) ++times;
    EXPECT_GE(times, 2U) << text;
  }
  std::size_t spans = 0;
  for (const auto& request : collector_.requests()) {
    if (request.path == "/v1/traces") spans += spans_in(request.body);
  }
  EXPECT_EQ(spans, 3U);
}

// The end of the process, however it comes about, waits for the collector.
TEST_F(ExportersTest, TheEndOfTheProcessDelivers) {
  const pid_t child = fork();
  if (child == 0) {
    trace_to(otlp_span_exporter(options()));
    configure_logging({.outputs = {{.records = otlp_log_sink(options())}}});
    { auto span = waybill::span("last"); }
    waybill::logger("test").info("last");
    std::exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(collector_.requests().size(), 2U);
}

// Which are handed over to their exporter only then.
TEST_F(ExportersTest, TheEndOfTheProcessDeliversMetrics) {
  const pid_t child = fork();
  if (child == 0) {
    configure_metrics({.exporters = {otlp_metric_exporter(options())}, .interval = 24h});
    Meter("exporters.end").counter("last").add(1);
    std::exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_EQ(collector_.requests().size(), 1U);
  EXPECT_EQ(collector_.requests()[0].path, "/v1/metrics");
}

// Whichever is waited for first.
TEST_F(ExportersTest, ADeadCollectorTakesNoTimeFromOthersWhenTheProcessEnds) {
  for (const bool dead_first : {false, true}) {
    // Of its own: a child would take for leaked what a thread of the parent serves a connection
    // with.
    TestCollector dead;
    dead.reply({.kind = TestCollector::Reply::Kind::kNever});
    OtlpOptions to_dead = options();
    to_dead.endpoint = dead.url("");
    TestCollector alive;
    OtlpOptions to_alive = options();
    to_alive.endpoint = alive.url("");
    const pid_t child = fork();
    if (child == 0) {
      configure_pipeline({.exit_timeout = 1s});
      if (dead_first) trace_to(otlp_span_exporter(to_dead));
      configure_logging({.outputs = {{.records = otlp_log_sink(to_alive)}}});
      configure_metrics({.exporters = {otlp_metric_exporter(to_alive)}, .interval = 24h});
      if (!dead_first) trace_to(otlp_span_exporter(to_dead));
      { auto span = waybill::span("last"); }
      waybill::logger("test").info("last");
      Meter("exporters.dead").counter("last").add(1);
      std::exit(0);
    }
    int status = -1;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(alive.requests().size(), 2U) << "dead first: " << dead_first;
  }
}

TEST_F(ExportersTest, TheEndOfTheProcessDoesNotWaitForEver) {
  collector_.reply({.kind = TestCollector::Reply::Kind::kNever});
  const pid_t child = fork();
  if (child == 0) {
    configure_pipeline({.exit_timeout = 100ms});
    trace_to(otlp_span_exporter(options()));
    { auto span = waybill::span("last"); }
    std::exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// A request that is under way is broken off, and kept for the next run.
TEST_F(ExportersTest, TheEndOfTheProcessSpoolsWhatIsUnderWay) {
  const internal::TemporaryFolder folder;
  OtlpOptions spooling = options();
  spooling.spool.folder = folder.path().string();
  collector_.reply({.kind = TestCollector::Reply::Kind::kNever});
  const pid_t child = fork();
  if (child == 0) {
    configure_pipeline({.exit_timeout = 500ms});
    trace_to(otlp_span_exporter(spooling));
    { auto span = waybill::span("last"); }
    std::exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(collector_.requests().size(), 1U);
  trace_to(otlp_span_exporter(spooling));  // the next run
  ASSERT_TRUE(collector_.wait_for_requests(2));
  EXPECT_EQ(spans_in(collector_.requests()[1].body), 1U);
}

}  // namespace
}  // namespace waybill

#endif  // WAYBILL_THREAD_SANITIZER
