// Forks while another thread is in the middle of something: the child has what that thread was at
// as it was at that moment, locks and all. ThreadSanitizer does not let it start threads.
#include <waybill/core/sanitizers.h>

#if !WAYBILL_THREAD_SANITIZER

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/metrics/metrics.h>
#include <waybill/otlp/internal/exporters_fixture.h>
#include <waybill/otlp/internal/limited_sink.h>
#include <waybill/otlp/internal/log_export.h>
#include <waybill/otlp/internal/sender_fixture.h>
#include <waybill/otlp/json_lines_exporter.h>
#include <waybill/otlp/log_encoder.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

// Where a thread stops.
class Gate {
 public:
  void close() noexcept {
    is_reached_ = false;
    is_closed_ = true;
  }
  void open() noexcept { is_closed_ = false; }
  void pass() noexcept {
    if (!is_closed_) return;
    is_reached_ = true;
    while (is_closed_) std::this_thread::yield();
  }
  void wait_until_reached() const noexcept {
    while (!is_reached_) std::this_thread::yield();
  }

 private:
  std::atomic<bool> is_closed_ = false;
  std::atomic<bool> is_reached_ = false;
};

constinit Gate gate;

// Runs `before` on another thread until it is at the gate, and then `in_child` in a child.
bool succeeds_in_child(const std::function<void()>& before, const std::function<bool()>& in_child) {
  gate.close();
  std::thread other(before);
  gate.wait_until_reached();
  const pid_t child = fork();
  if (child == 0) {
    gate.open();
    alarm(60);  // one that hangs fails
    _exit(in_child() ? 0 : 1);
  }
  gate.open();
  other.join();
  int status = -1;
  waitpid(child, &status, 0);
  return status == 0;
}

}  // namespace
}  // namespace waybill::internal

// In place of the C library's: a spool is on the disk when the gate is open.
extern "C" [[gnu::visibility("default")]] int fsync(int descriptor) {
  waybill::internal::gate.pass();
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

namespace waybill::internal {
namespace {

using SenderForkTest = SenderTest;

TEST_F(SenderForkTest, AChildEndsWhileItsParentSpoolsWhatIsLeft) {
  with_spool();
  script_->hold(true);
  const auto other = make();
  WireBuffer request = wire("one");
  other->hand_over(request, 1);
  ASSERT_TRUE(script_->wait_for(1));
  EXPECT_TRUE(succeeds_in_child([&] { other->end(std::chrono::steady_clock::now()); },
                                [&] {
                                  other->end(std::chrono::steady_clock::now());
                                  return true;
                                }));
  EXPECT_EQ(files(), 1U);
  other->close();
}

class GatedEncoder : public LogEncoder {
 public:
  bool add(const LogRecord& record) noexcept { return !is_torn_ && LogEncoder::add(record); }
  void take(WireBuffer& request) noexcept {
    is_torn_ = true;
    gate.pass();
    LogEncoder::take(request);
    is_torn_ = false;
  }

 private:
  bool is_torn_ = false;
};

using ExportersForkTest = ExportersTest;

TEST_F(ExportersForkTest, AChildLogsWhileItsParentHandsOver) {
  const SignalOptions checked = finalize(options(OtlpProtocol::kHttpJson), OtlpSignal::kLogs);
  LogExport<GatedEncoder> log_export(checked, Encoding::kJson);
  log_export.write({.message = "parent's"});
  EXPECT_TRUE(succeeds_in_child(
      [] { flush(30s); }, [&] { return log_export.write({.message = "child's"}) && flush(30s); }));
  ASSERT_TRUE(collector_.wait_for_requests(2));
  std::string all;
  for (const auto& request : collector_.requests()) all += request.body;
  for (const std::string_view text : {"parent's", "child's"}) {
    EXPECT_NE(all.find(text), std::string::npos) << text;
    EXPECT_EQ(all.find(text), all.rfind(text)) << text;
  }
}

class GatedSink final : public LogSink {
 public:
  SinkResult write(std::string_view lines) noexcept override {
    gate.pass();
    return sink.write(lines);
  }
  test::LimitedSink sink;
};

TEST_F(ExportersForkTest, AChildWritesItsOwnMetricsWhileItsParentWrites) {
  const auto sink = std::make_shared<GatedSink>();
  configure_metrics({.exporters = {json_lines_metric_exporter(sink)}, .interval = 24h});
  const auto counter = Meter("fork_test").counter("forked");
  counter.add(7);
  EXPECT_TRUE(succeeds_in_child([] { flush(30s); },
                                [&] {
                                  counter.add(3);
                                  const bool flushed = flush(30s);
                                  const auto lines = sink->sink.lines();
                                  return flushed && lines.size() == 1 &&
                                         lines[0].find(R"("asInt":"3")") != std::string::npos;
                                }));
  configure_metrics({});
  EXPECT_NE(sink->sink.text.find(R"("asInt":"7")"), std::string::npos);
}

// Of gRPC: what it has been given is lost, but files are the parent's to send.
TEST_F(SenderForkTest, AChildThatCannotSendLeavesFilesAlone) {
  with_spool();
  const auto other = make();
  Spool(options_.spool, OtlpSignal::kTraces).write("parent's", {.records = 1});
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    script_->carry({});
    other->after_fork_in_child();
    script_->always({.outcome = Outcome::kRefused});
    WireBuffer request = wire("child's");
    other->hand_over(request, 1);
    const bool settled = other->wait_until_delivered(std::chrono::steady_clock::now() + 30s);
    _exit(settled && script_->sent() == std::vector<std::string>{"child's"} ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(files(), 1U);
  other->close();
}

}  // namespace
}  // namespace waybill::internal

#endif  // WAYBILL_THREAD_SANITIZER
