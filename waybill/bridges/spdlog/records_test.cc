// What sinks see of a record, at once and later.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/dup_filter_sink.h>
#include <spdlog/sinks/ringbuffer_sink.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/bridges/spdlog/internal/test_sinks.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using spdlog_bridge::formatter;
using spdlog_bridge::kept;
using spdlog_bridge::record_context;
using spdlog_bridge::record_name;
using spdlog_bridge::traced;
using test::LinesSink;
using ::testing::ElementsAre;

// A sink that ignores formatters.
class RowsSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  struct Row {
    std::string logger;
    std::string text;
    TraceId trace_id;
    SpanId span_id;
    SpanId parent_span_id;
    TraceFlags flags;
    std::string trace_name;
    std::string fields;
    std::string job_id;
  };
  std::vector<Row> rows;

 private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    const auto context = record_context(msg);
    Row row{std::string(msg.logger_name.data(), msg.logger_name.size()),
            std::string(msg.payload.data(), msg.payload.size()),
            context.trace_id(),
            context.span_id(),
            context.parent_span_id(),
            context.flags(),
            std::string(context.trace_name()),
            {},
            {}};
    context.for_each_field([&](const Field& field) {
      row.fields += std::string(field.key) + '=' + field.value.to_string() + ' ';
    });
    if (const auto job_id = context.field("job_id")) row.job_id = job_id->to_string();
    rows.push_back(std::move(row));
  }
  void flush_() override {}
};

// Keeps copies for later.
class KeepingSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  std::vector<spdlog::details::log_msg_buffer> records;

 private:
  void sink_it_(const spdlog::details::log_msg& msg) override { records.push_back(kept(msg)); }
  void flush_() override {}
};

// Both kinds of loggers have to be alike in all of this.
class SpdlogRecords : public ::testing::TestWithParam<bool> {
 protected:
  std::shared_ptr<spdlog::logger> make_logger(spdlog::sink_ptr sink) {
    const bool async = GetParam();
    if (!async) return traced(std::make_shared<spdlog::logger>("records", std::move(sink)));
    pool_ = std::make_shared<spdlog::details::thread_pool>(64, 1);
    return traced(std::make_shared<spdlog::async_logger>("records", std::move(sink), pool_));
  }
  void drain() { pool_.reset(); }

  std::shared_ptr<spdlog::details::thread_pool> pool_;
};
INSTANTIATE_TEST_SUITE_P(, SpdlogRecords, ::testing::Bool(),
                         [](const auto& test) { return test.param ? "Async" : "Sync"; });

TEST_P(SpdlogRecords, SinksOfOnesOwnFindTheContext) {
  spdlog_bridge::want_all_fields();
  auto sink = std::make_shared<RowsSink>();
  auto logger = make_logger(sink);
  const Context context =
      Context::new_trace({.name = "t", .parent_span_id = SpanId::random()})
          .with({{"job_id", 42}, {"ratio", 0.25}, {"cached", true}, {"user", "ann"}, {"n", 7U}});
  {
    const Scope scope{context};
    logger->info("inside");
  }
  logger->info("outside");
  drain();
  ASSERT_EQ(sink->rows.size(), 2U);
  const RowsSink::Row& inside = sink->rows[0];
  EXPECT_EQ(inside.logger, "records");
  EXPECT_EQ(inside.text, "inside");
  EXPECT_EQ(inside.trace_id, context.trace_id());
  EXPECT_EQ(inside.span_id, context.span_id());
  EXPECT_EQ(inside.parent_span_id, context.parent_span_id());
  EXPECT_EQ(inside.flags, context.flags());
  EXPECT_EQ(inside.trace_name, "t");
  EXPECT_EQ(inside.fields, "job_id=42 ratio=0.25 cached=true user=ann n=7 ");
  EXPECT_EQ(inside.job_id, "42");
  const RowsSink::Row& outside = sink->rows[1];
  EXPECT_EQ(outside.logger, "records");
  EXPECT_FALSE(outside.trace_id.is_valid());
  EXPECT_EQ(outside.fields, "");
}

TEST_P(SpdlogRecords, RecordsThatAreKeptHaveTheirContextLater) {
  auto sink = std::make_shared<KeepingSink>();
  auto logger = make_logger(sink);
  {
    const Scope scope{Context::new_trace({.name = "call"}).with({{"job_id", "J-1"}})};
    auto with_fields = formatter("{job_id}");  // the field is wanted from here on
    logger->info("hello");
  }
  drain();
  const Scope scope{Context::new_trace({.name = "later"})};
  ASSERT_EQ(sink->records.size(), 1U);
  spdlog::memory_buf_t line;
  formatter("%n {trace_id} {job_id} %v")->format(sink->records[0], line);
  EXPECT_EQ(std::string(line.data(), line.size()), "records call J-1 hello\n");
  const auto name = record_name(sink->records[0]);
  EXPECT_EQ(std::string(name.data(), name.size()), "records");
}

TEST_P(SpdlogRecords, TheRingBufferHasTheIdsOfTheCalls) {
  auto sink = std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(8);
  auto logger = make_logger(sink);
  logger->set_formatter(formatter("%n {trace_id} %v"));
  {
    const Scope scope{Context::new_trace({.name = "call"})};
    logger->info("with");
  }
  logger->info("without");
  drain();
  const Scope scope{Context::new_trace({.name = "later"})};
  EXPECT_THAT(sink->last_formatted(), ElementsAre("records call with\n", "records - without\n"));
}

TEST_P(SpdlogRecords, SinksThatPassRecordsOnKeepTheContext) {
  auto lines = std::make_shared<LinesSink>();
  auto filter = std::make_shared<spdlog::sinks::dup_filter_sink_mt>(std::chrono::hours(1));
  filter->add_sink(lines);
  auto logger = make_logger(filter);
  lines->set_formatter(formatter("%n {trace_id} %v"));
  {
    const Scope scope{Context::new_trace({.name = "a"})};
    logger->info("twice");
    logger->info("twice");
  }
  const Scope scope{Context::new_trace({.name = "b"})};
  logger->info("once");
  drain();
  EXPECT_THAT(
      lines->lines(),
      ElementsAre("records a twice", "records b Skipped 1 duplicate messages..", "records b once"));
}

TEST_P(SpdlogRecords, ASinkMayLogItself) {
  class Chatty final : public spdlog::sinks::base_sink<std::mutex> {
   public:
    explicit Chatty(spdlog::logger& other) : other_(other) {}

   private:
    void sink_it_(const spdlog::details::log_msg& msg) override {
      const Scope scope{Context::new_trace({.name = "sink"})};
      other_.info("from the sink");
      own_ = record_context(msg).trace_name();
      other_.info("{}", own_);
    }
    void flush_() override {}

    spdlog::logger& other_;
    std::string own_;
  };
  auto lines = std::make_shared<LinesSink>();
  spdlog::logger other("other", lines);
  other.set_formatter(formatter("{trace_id} %v"));
  auto logger = make_logger(std::make_shared<Chatty>(other));
  const Scope scope{Context::new_trace({.name = "call"})};
  logger->info("hello");
  drain();
  EXPECT_THAT(lines->lines(), ElementsAre("sink from the sink", "sink call"));
}

TEST_P(SpdlogRecords, TheBacktraceHasTheIdsOfTheCallsOrNone) {
  auto lines = std::make_shared<LinesSink>();
  auto logger = make_logger(lines);
  logger->set_formatter(formatter("%n {trace_id} %v"));
  logger->enable_backtrace(8);
  {
    const Scope scope{Context::new_trace({.name = "call"})};
    logger->info("let through");
    logger->debug("kept back");
  }
  const Scope scope{Context::new_trace({.name = "dump"})};
  logger->dump_backtrace();
  drain();
  EXPECT_THAT(lines->lines(),
              ElementsAre("records call let through",
                          "records dump ****************** Backtrace Start ******************",
                          "records call let through", "records - kept back",
                          "records dump ****************** Backtrace End ********************"));
}

TEST(SpdlogPlainLogger, SinksOfOnesOwnFindTheContext) {
  auto sink = std::make_shared<RowsSink>();
  spdlog::logger logger("plain", sink);
  const Scope scope{Context::new_trace({.name = "t"})};
  logger.info("hello");
  ASSERT_EQ(sink->rows.size(), 1U);
  EXPECT_EQ(sink->rows[0].trace_name, "t");
}

TEST(SpdlogSyncLogger, HandlersLevelsAndFlushesHold) {
  class Failing final : public spdlog::sinks::base_sink<std::mutex> {
    void sink_it_(const spdlog::details::log_msg&) override { throw std::runtime_error("disk"); }
    void flush_() override {}
  };
  std::vector<std::string> errors;
  auto lines = std::make_shared<LinesSink>();
  auto plain = std::make_shared<spdlog::logger>(
      "sync", spdlog::sinks_init_list{std::make_shared<Failing>(), lines});
  plain->set_error_handler([&](const std::string& error) { errors.push_back(error); });
  plain->set_level(spdlog::level::warn);
  plain->flush_on(spdlog::level::err);
  plain->set_formatter(formatter("%n {trace_id} %v"));
  auto logger = traced(plain);
  const Scope scope{Context::new_trace({.name = "t"})};
  logger->info("below the level");
  logger->warn("one");
  EXPECT_EQ(lines->flushes(), 0);
  logger->clone("clone")->error("two");
  EXPECT_EQ(lines->flushes(), 1);
  EXPECT_THAT(lines->lines(), ElementsAre("sync t one", "clone t two"));
  EXPECT_THAT(errors, ElementsAre("disk", "disk"));
}

TEST(SpdlogTraced, ReturnsLoggersOfOtherClassesAsTheyAre) {
  class Own final : public spdlog::logger {
   public:
    using spdlog::logger::logger;
  };
  const std::shared_ptr<spdlog::logger> own = std::make_shared<Own>("own");
  EXPECT_EQ(traced(own), own);
}

TEST(SpdlogRecord, MayHaveNoName) {
  const Scope scope{Context::new_trace({.name = "t"})};
  const auto record = kept(spdlog::details::log_msg());
  EXPECT_EQ(record_name(record).size(), 0U);
}

TEST(SpdlogRecord, ANameFromOutsideCannotBringIdsOfItsOwn) {
  auto lines = std::make_shared<LinesSink>();
  // As long as a packed context, and all of it a stranger's choice.
  spdlog::logger logger(std::string(48, '\x41'), lines);
  logger.set_formatter(formatter("{trace_id} %v"));
  logger.info("hello");
  EXPECT_THAT(lines->lines(), ElementsAre("- hello"));
}

}  // namespace
}  // namespace waybill
