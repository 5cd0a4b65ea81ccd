#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/core/error.h>
#include <waybill/core/sanitizers.h>
#include <waybill/log/internal/memory_sink.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/self_metrics.h>

struct Unprintable {};
template <>
struct fmt::formatter<Unprintable> : fmt::formatter<int> {
  template <class FormatContext>
  auto format(const Unprintable&, FormatContext& context) const -> decltype(context.out()) {
    throw std::runtime_error("no words for it");
  }
};

namespace waybill {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kPattern = "{level} {logger} [{trace_id}] {message} {fields}";

class LoggerTest : public testing::Test {
 protected:
  void SetUp() override { configure(Level::kInfo); }
  void TearDown() override { configure_logging({}); }

  void configure(Level level) {
    configure_logging({.level = level, .outputs = {{text_format({.pattern = kPattern}), sink_}}});
  }
  std::vector<std::string> lines() { return sink_->take(); }

  std::shared_ptr<internal::MemorySink> sink_ = std::make_shared<internal::MemorySink>();
};

TEST_F(LoggerTest, FormatsArguments) {
  const Logger log = logger("test");
  log.info("ZIP {} has {:.1f} mm", "98101", 2.25);
  EXPECT_THAT(lines(), ElementsAre("INFO test [-] ZIP 98101 has 2.2 mm\n"));
}

TEST_F(LoggerTest, WritesEveryLevelUnderItsName) {
  configure(Level::kTrace);
  const Logger log = logger("test");
  log.trace("m");
  log.debug("m");
  log.info("m");
  log.warn("m");
  log.error("m");
  log.fatal("m");
  EXPECT_THAT(lines(),
              ElementsAre("TRACE test [-] m\n", "DEBUG test [-] m\n", "INFO test [-] m\n",
                          "WARN test [-] m\n", "ERROR test [-] m\n", "FATAL test [-] m\n"));
}

TEST_F(LoggerTest, CarriesTheAmbientContextOfTheCall) {
  const Logger log = logger("test");
  const Scope scope{Context::new_trace({.name = "abc-123"}).with({{"job_id", 42}})};
  log.info("inside");
  {
    const Scope inner{Context()};
    log.info("without");
  }
  EXPECT_THAT(lines(),
              ElementsAre("INFO test [abc-123] inside job_id=42\n", "INFO test [-] without\n"));
}

TEST_F(LoggerTest, TakesFieldsOfTheRecordInFront) {
  logger("test").warn({{"attempt", 3}, {"cached", false}}, "again {}", "now");
  EXPECT_THAT(lines(), ElementsAre("WARN test [-] again now attempt=3 cached=false\n"));
}

TEST_F(LoggerTest, LaterFieldsWin) {
  const Scope scope{Context().with({{"a", 1}, {"b", 1}, {"c", 1}})};
  const Logger log = logger("test").with({{"b", 2}, {"c", 2}});
  log.info({{"c", 3}, {"c", 4}}, "m");
  EXPECT_THAT(lines(), ElementsAre("INFO test [-] m a=1 b=2 c=4\n"));
}

TEST_F(LoggerTest, WithGivesALoggerThatKeepsItsFields) {
  const Logger plain = logger("test");
  const Logger bound = plain.with({{"worker", std::string("w1")}}).with({{"action", "fetch"}});
  bound.info("m");
  plain.info("m");
  EXPECT_EQ(bound.name(), "test");
  EXPECT_THAT(lines(),
              ElementsAre("INFO test [-] m worker=w1 action=fetch\n", "INFO test [-] m\n"));
}

TEST_F(LoggerTest, LogTakesLevelAndFieldsOfRunTime) {
  const Field field{"k", "v"};
  logger("test").log(Level::kError, Fields(&field, 1), "m {}", 1);
  EXPECT_THAT(lines(), ElementsAre("ERROR test [-] m 1 k=v\n"));
}

TEST_F(LoggerTest, ADisabledLevelWritesNothing) {
  const Logger log = logger("test");
  EXPECT_FALSE(log.enabled(Level::kDebug));
  EXPECT_TRUE(log.enabled(Level::kInfo));
  log.debug("m {}", Unprintable());  // not even formatted
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(LoggerTest, LevelsChangeAtRunTimeForAllOrOneLogger) {
  const Logger one = logger("level-one");
  const Logger two = logger("level-two");
  set_log_level(Level::kError);
  EXPECT_FALSE(one.enabled(Level::kWarn));
  set_log_level("level-one", Level::kDebug);
  EXPECT_TRUE(one.enabled(Level::kDebug));
  EXPECT_FALSE(two.enabled(Level::kWarn));
  set_log_level(Level::kInfo);
  EXPECT_TRUE(one.enabled(Level::kDebug)) << "a level of its own stays";
  EXPECT_TRUE(two.enabled(Level::kInfo));
  set_log_level("level-two", Level::kOff);
  two.fatal("m");
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(LoggerTest, AFormatterThatThrowsLeavesItsErrorInTheMessage) {
  logger("test").info("value {}", Unprintable());
  EXPECT_THAT(lines(),
              ElementsAre("INFO test [-] value [cannot format \"value {}\": no words for it]\n"));
}

TEST_F(LoggerTest, OutputsHaveLevelsOfTheirOwn) {
  const auto errors = std::make_shared<internal::MemorySink>();
  const auto format = text_format({.pattern = "{message}"});
  configure_logging({.outputs = {{format, sink_}, {format, errors, Level::kError}}});
  logger("test").info("fine");
  logger("test").error("bad");
  EXPECT_THAT(lines(), ElementsAre("fine\n", "bad\n"));
  EXPECT_THAT(errors->take(), ElementsAre("bad\n"));
}

TEST_F(LoggerTest, CountsASinkThatFailsAndGoesOn) {
  class FullDisk final : public LogSink {
   public:
    SinkResult write(std::string_view) noexcept override {
      return {.error = std::make_error_code(std::errc::no_space_on_device)};
    }
  };
  const auto format = text_format({.pattern = "{message}"});
  configure_logging({.outputs = {{format, std::make_shared<FullDisk>()}, {format, sink_}}});
  const SelfMetrics before = self_metrics();
  logger("test").info("m");
  EXPECT_THAT(lines(), ElementsAre("m\n"));
  EXPECT_GT(self_metrics().sink_failures, before.sink_failures);
  configure_logging({});  // what was kept for it is lost with it
  EXPECT_EQ(self_metrics().dropped.sink, before.dropped.sink + 1);
}

TEST_F(LoggerTest, CountsWhatASinkOfRecordsDoesNotTake) {
  struct Picky final : LogRecordSink {
    bool write(const LogRecord& record) override {
      if (record.level == Level::kError) throw std::runtime_error("no errors here");
      return record.level == Level::kInfo;
    }
  };
  configure_logging({.outputs = {{.records = std::make_shared<Picky>()}}});
  const SelfMetrics before = self_metrics();
  logger("test").info("taken");
  logger("test").warn("refused");
  logger("test").error("thrown at");
  EXPECT_TRUE(flush());
  EXPECT_EQ(self_metrics().dropped.sink, before.dropped.sink + 2);
  EXPECT_EQ(self_metrics().records, before.records + 3);
}

// It would wait for itself.
TEST_F(LoggerTest, ASinkCannotReplaceTheSetUpThatItIsPartOf) {
  struct Meddler final : LogRecordSink {
    bool write(const LogRecord&) override {
      EXPECT_THROW(configure_logging({}), Error);
      EXPECT_THROW(configure_pipeline({}), Error);
      return ++calls > 0;
    }
    int calls = 0;
  };
  const auto meddler = std::make_shared<Meddler>();
  configure_logging({.outputs = {{.records = meddler}}});
  logger("test").info("m");
  EXPECT_TRUE(flush());
  EXPECT_EQ(meddler->calls, 1);
}

TEST_F(LoggerTest, RefusesAnOutputWithoutFormatOrSink) {
  EXPECT_THROW(configure_logging({.outputs = {{nullptr, sink_}}}), Error);
  EXPECT_THROW(configure_logging({.outputs = {{text_format(), nullptr}}}), Error);
  EXPECT_THROW(configure_logging({.outputs = {{}}}), Error);
}

TEST_F(LoggerTest, RecordsOfManyThreadsKeepTheirOwnIds) {
  constexpr int kThreads = 4;
  constexpr int kRecords = 1'000;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t] {
      const std::string name = fmt::format("trace-{}", t);
      const Scope scope{Context::new_trace({.name = name})};
      const Logger log = logger("test");
      for (int i = 0; i < kRecords; ++i) log.info("{}", name);
    });
  }
  for (auto& thread : threads) thread.join();
  const auto all = lines();
  EXPECT_EQ(all.size(), std::size_t{kThreads} * kRecords);
  for (const std::string& line : all) {
    const std::string id = line.substr(line.find('[') + 1, 7);
    EXPECT_EQ(line, fmt::format("INFO test [{0}] {0}\n", id));
  }
}

// Not under sanitizers: their allocators of GCC 12 hold such a lock themselves.
#if !WAYBILL_ADDRESS_SANITIZER && !WAYBILL_THREAD_SANITIZER
// A lock that another thread held at the fork would stop the child for ever.
TEST_F(LoggerTest, IsUsableInTheChildOfAForkWhileOtherThreadsLog) {
  configure_logging({.outputs = {{text_format(), file_sink("/dev/null")}}});
  const Logger log = logger("test");
  std::atomic<bool> stop = false;
  std::jthread noisy([&] {
    while (!stop) logger("noise").info("noise");
  });
  for (int round = 0; round < 20; ++round) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(10);  // a child that hangs is killed, and the status below says so
      log.info("alive");
      logger("another").info("alive");
      _exit(flush() ? 0 : 1);
    }
    int status = -1;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  stop = true;
}
#endif

TEST_F(LoggerTest, LevelsComeAsText) {
  set_log_levels("warn, text-one = debug ,,text-two=off");
  EXPECT_FALSE(logger("text-other").enabled(Level::kInfo));
  EXPECT_TRUE(logger("text-one").enabled(Level::kDebug));
  EXPECT_FALSE(logger("text-two").enabled(Level::kFatal));
  configure_logging({.level = Level::kError, .levels = "text-one=info"});
  EXPECT_FALSE(logger("text-one").enabled(Level::kDebug));
  EXPECT_TRUE(logger("text-one").enabled(Level::kInfo));
}

TEST_F(LoggerTest, LevelsThatCannotBeReadChangeNothing) {
  for (const char* bad : {"loud", "a=loud", "=info", "error,a=", "error,a==info"}) {
    EXPECT_THROW(set_log_levels(bad), Error) << bad;
  }
  EXPECT_TRUE(logger("test").enabled(Level::kInfo)) << "the valid part does not count either";
}

TEST(Level, NamesRoundTrip) {
  for (int i = 0; i <= static_cast<int>(Level::kOff); ++i) {
    EXPECT_EQ(level_from_name(level_name(static_cast<Level>(i))), static_cast<Level>(i));
  }
  EXPECT_EQ(level_from_name("warning"), Level::kWarn);
  EXPECT_EQ(level_from_name("Critical"), Level::kFatal);
  EXPECT_EQ(level_from_name("info"), Level::kInfo);
  EXPECT_FALSE(level_from_name("loud"));
  EXPECT_FALSE(level_from_name(""));
}

}  // namespace
}  // namespace waybill
