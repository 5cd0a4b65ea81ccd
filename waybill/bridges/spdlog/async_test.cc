#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/bridges/spdlog/internal/test_sinks.h>
#include <waybill/core/context_var.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using spdlog::async_overflow_policy;
using spdlog_bridge::formatter;
using spdlog_bridge::traced;
using test::Gate;
using test::LinesSink;
using ::testing::ElementsAre;

class SpdlogAsync : public ::testing::Test {
 protected:
  std::shared_ptr<spdlog::async_logger> async_logger(
      std::size_t queue_size, async_overflow_policy policy = async_overflow_policy::block,
      std::size_t threads = 1) {
    pool_ = std::make_shared<spdlog::details::thread_pool>(queue_size, threads);
    auto logger = std::make_shared<spdlog::async_logger>("async", sink_, pool_, policy);
    logger->set_formatter(formatter("{trace_id} {span_id} {number}|%v"));
    return logger;
  }

  // Waits until all that is queued is written.
  void drain() { pool_.reset(); }

  // Logs `count` records, each under a context of its own and with its ids in the text.
  static void log_under_new_contexts(spdlog::logger& logger, int count) {
    for (int i = 0; i < count; ++i) {
      Context context = Context::new_trace({.name = i % 3 == 0 ? "job" : ""});
      if (i % 2 == 0) context = context.with({{"number", i}});
      const Scope scope{context};
      const std::string name(context.trace_name());
      logger.info("{} {} {}|", name.empty() ? context.trace_id().to_hex() : name,
                  context.span_id().to_hex(), i % 2 == 0 ? std::to_string(i) : "-");
    }
  }

  static bool says_the_same_twice(std::string_view line) {
    const std::size_t half = line.size() / 2;
    return line.substr(0, half) == line.substr(half) && line.size() > 20;
  }

  Gate gate_;
  std::shared_ptr<LinesSink> sink_ = std::make_shared<LinesSink>();
  std::shared_ptr<spdlog::details::thread_pool> pool_;
};

// A sink that gives the queue time to fill up.
class SlowSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::atomic<int> wrong = 0;
  std::atomic<int> taken = 0;

 private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    if (taken % 16 == 0) std::this_thread::yield();
    spdlog::memory_buf_t line;
    formatter_->format(msg, line);
    const std::string_view text(line.data(), line.size() - 1);
    const std::size_t half = text.size() / 2;
    if (text.size() < 20 || text.substr(0, half) != text.substr(half)) ++wrong;
    ++taken;
  }
  void flush_() override {}
};

TEST_F(SpdlogAsync, EachLineHasTheIdsOfItsCall) {
  constexpr int kThreads = 8;
  constexpr int kRecords = 100'000;
  auto slow = std::make_shared<SlowSink>();
  pool_ = std::make_shared<spdlog::details::thread_pool>(256, 1);
  auto logger = traced(std::make_shared<spdlog::async_logger>("async", slow, pool_));
  logger->set_formatter(formatter("{trace_id} {span_id} {number}|%v"));
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&logger] { log_under_new_contexts(*logger, kRecords); });
  }
  for (std::thread& thread : threads) thread.join();
  drain();
  EXPECT_EQ(slow->taken, kThreads * kRecords);
  EXPECT_EQ(slow->wrong, 0);
}

TEST_F(SpdlogAsync, SeveralThreadsMayEmptyTheQueue) {
  constexpr int kRecords = 5'000;
  auto logger = traced(async_logger(64, async_overflow_policy::block, 3));
  std::thread other([&] { log_under_new_contexts(*logger, kRecords); });
  log_under_new_contexts(*logger, kRecords);
  other.join();
  drain();
  EXPECT_EQ(sink_->lines().size(), 2U * kRecords);
  for (const std::string& line : sink_->lines()) ASSERT_TRUE(says_the_same_twice(line)) << line;
}

TEST_F(SpdlogAsync, PlainLoggersPrintNoIdsRatherThanThoseOfThePoolsThread) {
  pool_ = std::make_shared<spdlog::details::thread_pool>(64, 1, [] {
    restore(Context::new_trace({.name = "pool"}).with({{"number", 1}}));
  });
  const auto logger = std::make_shared<spdlog::async_logger>("plain", sink_, pool_);
  logger->set_formatter(formatter("{trace_id} {span_id} {number}|%v"));
  logger->info("hello");
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("- - -|hello"));
}

TEST_F(SpdlogAsync, NeitherDoesATracedCallWithoutAContext) {
  pool_ = std::make_shared<spdlog::details::thread_pool>(
      64, 1, [] { restore(Context::new_trace({.name = "pool"})); });
  auto logger = traced(std::make_shared<spdlog::async_logger>("traced", sink_, pool_));
  logger->set_formatter(formatter("{trace_id} %v"));
  logger->info("hello");
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("- hello"));
}

TEST_F(SpdlogAsync, DroppedRecordsLeaveTheOthersRight) {
  constexpr int kRecords = 1'000;
  constexpr int kQueue = 32;
  sink_ = std::make_shared<LinesSink>(&gate_);
  auto logger = traced(async_logger(kQueue, async_overflow_policy::overrun_oldest));
  log_under_new_contexts(*logger, kRecords);
  const std::size_t dropped = pool_->overrun_counter();
  EXPECT_GE(dropped, std::size_t{kRecords - kQueue - 1});
  gate_.open();
  drain();
  EXPECT_EQ(sink_->lines().size(), kRecords - dropped);
  for (const std::string& line : sink_->lines()) ASSERT_TRUE(says_the_same_twice(line)) << line;
}

TEST_F(SpdlogAsync, RecordsInTheQueueKeepNoContextAlive) {
  const ContextVar<std::shared_ptr<int>> variable;
  sink_ = std::make_shared<LinesSink>(&gate_);
  auto logger = traced(async_logger(64));
  auto value = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = value;
  {
    const Scope scope{variable.set_in(Context::new_trace({.name = "gone"}), std::move(value))};
    logger->info("in the queue");
  }
  EXPECT_TRUE(watched.expired());
  gate_.open();
  drain();
  ASSERT_EQ(sink_->lines().size(), 1U);
  EXPECT_TRUE(sink_->lines()[0].starts_with("gone "));
}

TEST_F(SpdlogAsync, RecordsInTheQueueKeepTheLoggerAlive) {
  sink_ = std::make_shared<LinesSink>(&gate_);
  std::weak_ptr<spdlog::logger> watched;
  {
    auto logger = traced(async_logger(64));
    watched = logger;
    log_under_new_contexts(*logger, 10);
  }
  EXPECT_FALSE(watched.expired());
  gate_.open();
  drain();
  EXPECT_TRUE(watched.expired());
  EXPECT_EQ(sink_->lines().size(), 10U);
}

TEST_F(SpdlogAsync, LongNamesAndFieldsTravelToo) {
  auto logger = traced(async_logger(64));
  const std::string name(1'000, 'n');
  const std::string number(5'000, '7');
  const Scope scope{Context::new_trace({.name = name}).with({{"number", number}})};
  logger->info("");
  drain();
  EXPECT_THAT(sink_->lines(),
              ElementsAre(name + ' ' + Context::current().span_id().to_hex() + ' ' + number + '|'));
}

TEST_F(SpdlogAsync, FieldsTravelUpToABound) {
  auto logger = traced(async_logger(64));
  logger->set_formatter(formatter("{number} {small}"));
  const std::string huge(std::size_t{2} << 20, '7');
  const Scope scope{Context().with({{"number", huge}, {"small", 1}})};
  logger->info("");
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("- 1"));
}

TEST_F(SpdlogAsync, FlushesWhereTheLevelAsksForIt) {
  auto logger = traced(async_logger(64));
  logger->flush_on(spdlog::level::warn);
  logger->info("no");
  logger->warn("yes");
  logger->flush();
  drain();
  EXPECT_EQ(sink_->flushes(), 2);
}

TEST_F(SpdlogAsync, LevelsOfLoggerAndSinkHold) {
  auto logger = traced(async_logger(64));
  logger->set_pattern("%v");
  sink_->set_level(spdlog::level::warn);
  logger->warn("1");
  logger->info("below the sink's level");
  logger->set_level(spdlog::level::err);
  logger->warn("below the logger's level");
  logger->error("2");
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("1", "2"));
}

TEST_F(SpdlogAsync, SinksThatAreAddedLaterGetRecords) {
  auto logger = traced(async_logger(64));
  auto added = std::make_shared<LinesSink>();
  logger->sinks().push_back(added);
  logger->set_pattern("%n %v");
  logger->info("both");
  drain();
  EXPECT_THAT(sink_->lines(), ElementsAre("async both"));
  EXPECT_THAT(added->lines(), ElementsAre("async both"));
}

TEST_F(SpdlogAsync, ACloneHasItsOwnNameAndTheSameQueue) {
  auto clone = traced(async_logger(64))->clone("clone");
  clone->set_formatter(formatter("%n {trace_id} %v"));
  const Scope scope{Context::new_trace({.name = "t"})};
  clone->info("hello");
  drain();
  EXPECT_EQ(clone->name(), "clone");
  EXPECT_THAT(sink_->lines(), ElementsAre("clone t hello"));
}

TEST_F(SpdlogAsync, FailingSinksAreTheErrorHandlersBusiness) {
  class Failing final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg&) override { throw std::runtime_error("disk"); }
    void flush_() override {}
  };
  auto logger = traced(async_logger(64));
  logger->sinks().insert(logger->sinks().begin(), std::make_shared<Failing>());
  std::vector<std::string> errors;  // written by the pool's thread, read once that has ended
  logger->set_error_handler([&](const std::string& error) { errors.push_back(error); });
  logger->info("one");
  logger->log(spdlog::source_loc{"file.cc", 7, "f"}, spdlog::level::info, "two");
  drain();
  EXPECT_THAT(errors, ElementsAre("disk", "disk [file.cc(7)]"));
  EXPECT_EQ(sink_->lines().size(), 2U);  // the other sink does its work

  errors.clear();
  logger->info("{}", "the queue is gone");
  EXPECT_EQ(errors.size(), 1U);
}

TEST_F(SpdlogAsync, TracingTwiceIsTracingOnce) {
  const auto logger = traced(async_logger(64));
  EXPECT_EQ(traced(logger), logger);
  EXPECT_EQ(traced(nullptr), nullptr);
}

}  // namespace
}  // namespace waybill
