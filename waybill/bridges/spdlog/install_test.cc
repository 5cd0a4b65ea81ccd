#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/bridges/spdlog/internal/test_sinks.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using spdlog_bridge::install;
using test::LinesSink;
using ::testing::ElementsAre;

constexpr std::string_view kPattern = "%n {trace_id} %v";

// Each test has spdlog's registry to itself, with a default logger that writes to sink_.
class SpdlogInstall : public ::testing::Test {
 protected:
  SpdlogInstall() { spdlog::set_default_logger(std::make_shared<spdlog::logger>("", sink_)); }
  ~SpdlogInstall() override { spdlog::shutdown(); }

  // Waits until all that is queued is written.
  static void drain() { spdlog::shutdown(); }

  std::shared_ptr<LinesSink> sink_ = std::make_shared<LinesSink>();
  const Scope scope_{Context::new_trace({.name = "t"})};
};

TEST_F(SpdlogInstall, CallsOfTheDefaultLoggerStayAsTheyAre) {
  install(kPattern);
  spdlog::info("hello {}", 1);
  EXPECT_THAT(sink_->lines(), ElementsAre(" t hello 1"));
}

TEST_F(SpdlogInstall, HasAPatternOfItsOwn) {
  install();
  spdlog::warn("hello");
  ASSERT_EQ(sink_->lines().size(), 1U);
  EXPECT_THAT(
      sink_->lines()[0],
      ::testing::MatchesRegex(R"(\[....-..-.. ..:..:..\....\] \[t\] \[\] \[warning\] hello)"));
}

TEST_F(SpdlogInstall, LeavesSynchronousLoggersInPlace) {
  const auto before = spdlog::default_logger();
  install(kPattern);
  EXPECT_EQ(spdlog::default_logger(), before);
}

TEST_F(SpdlogInstall, TracesAnAsynchronousDefaultLogger) {
  spdlog::init_thread_pool(64, 1);
  spdlog::set_default_logger(
      std::make_shared<spdlog::async_logger>("main", sink_, spdlog::thread_pool()));
  install(kPattern);
  spdlog::info("hello");
  EXPECT_EQ(spdlog::get("main"), spdlog::default_logger());
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("main t hello"));
}

TEST_F(SpdlogInstall, TracesLoggersThatWereRegisteredBefore) {
  spdlog::create_async<LinesSink>("queue")->set_level(spdlog::level::debug);
  install(kPattern);
  const auto logger = spdlog::get("queue");
  const auto lines = std::dynamic_pointer_cast<LinesSink>(logger->sinks().at(0));
  logger->debug("hello");
  drain();
  EXPECT_THAT(lines->lines(), ElementsAre("queue t hello"));
}

TEST_F(SpdlogInstall, LoggersThatAreCreatedAfterPrintIdsToo) {
  install(kPattern);
  const auto logger = spdlog::create<LinesSink>("later");
  logger->info("hello");
  EXPECT_THAT(std::dynamic_pointer_cast<LinesSink>(logger->sinks().at(0))->lines(),
              ElementsAre("later t hello"));
}

TEST_F(SpdlogInstall, AsynchronousOnesComeFromOurFactory) {
  install(kPattern);
  spdlog::flush_on(spdlog::level::warn);
  const auto logger = spdlog_bridge::create_async<LinesSink>("later");
  EXPECT_EQ(spdlog::get("later"), logger);
  const auto lossy = spdlog_bridge::create_async_nb<LinesSink>("lossy");
  const auto lines = std::dynamic_pointer_cast<LinesSink>(logger->sinks().at(0));
  const auto lossy_lines = std::dynamic_pointer_cast<LinesSink>(lossy->sinks().at(0));
  logger->warn("hello");
  lossy->info("hello");
  drain();
  EXPECT_THAT(lines->lines(), ElementsAre("later t hello"));
  EXPECT_EQ(lines->flushes(), 1);
  EXPECT_THAT(lossy_lines->lines(), ElementsAre("lossy t hello"));
}

TEST_F(SpdlogInstall, OrFromASecondCall) {
  install(kPattern);
  const auto first = spdlog_bridge::create_async<LinesSink>("first");
  const auto lines =
      std::dynamic_pointer_cast<LinesSink>(spdlog::create_async<LinesSink>("second")->sinks()[0]);
  install(kPattern);
  EXPECT_EQ(spdlog::get("first"), first);
  spdlog::get("second")->info("hello");
  drain();
  EXPECT_THAT(lines->lines(), ElementsAre("second t hello"));
}

TEST_F(SpdlogInstall, TracesSynchronousLoggersThatKeepRecords) {
  const auto ring = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(4);
  spdlog::register_logger(std::make_shared<spdlog::logger>("ring", ring));
  spdlog::enable_backtrace(4);
  install(kPattern);
  spdlog::get("ring")->info("hello");
  spdlog::info("hello");
  const Scope scope{Context::new_trace({.name = "later"})};
  EXPECT_THAT(ring->last_formatted(), ElementsAre("ring t hello\n"));
  spdlog::dump_backtrace();
  EXPECT_EQ(sink_->lines().at(2), " t hello");
}

TEST_F(SpdlogInstall, TheErrorHandlerStays) {
  static std::vector<std::string> errors;
  spdlog::set_error_handler([](const std::string& error) { errors.push_back(error); });
  install(kPattern);
  const auto logger = spdlog_bridge::create_async<LinesSink>("later");
  drain();
  logger->info("{}", "the queue is gone");
  EXPECT_EQ(errors.size(), 1U);
}

}  // namespace
}  // namespace waybill
