#include <barrier>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <log4cxx/appenderskeleton.h>
#include <log4cxx/asyncappender.h>
#include <log4cxx/filter/levelmatchfilter.h>
#include <log4cxx/helpers/pool.h>
#include <log4cxx/helpers/properties.h>
#include <log4cxx/jsonlayout.h>
#include <log4cxx/logger.h>
#include <log4cxx/logmanager.h>
#include <log4cxx/patternlayout.h>
#include <log4cxx/propertyconfigurator.h>
#include <nlohmann/json.hpp>

#include <waybill/bridges/log4cxx.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using testing::ElementsAre;

// Collects formatted lines. While closed with a gate, it takes nothing.
class LinesAppender final : public log4cxx::AppenderSkeleton {
 public:
  explicit LinesAppender(const log4cxx::LayoutPtr& layout) { setLayout(layout); }

  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }
  std::mutex& gate() { return mutex_; }

  void close() override {}
  bool requiresLayout() const override { return true; }

 private:
  void append(const log4cxx::spi::LoggingEventPtr& event, log4cxx::helpers::Pool& pool) override {
    log4cxx::LogString line;
    getLayout()->format(line, event, pool);
    const std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }

  std::mutex mutex_;
  std::vector<std::string> lines_;
};

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(testing::TempDir() + "log4cxx_XXXXXX") {
    EXPECT_NE(mkdtemp(path_.data()), nullptr);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

log4cxx::LayoutPtr pattern(const std::string& text) {
  return std::make_shared<log4cxx::PatternLayout>(text);
}

class Log4cxx : public testing::Test {
 protected:
  void SetUp() override {
    log4cxx_bridge::install();
    logger_->addAppender(appender_);
    logger_->setAdditivity(false);
  }
  void TearDown() override {
    logger_->removeAllAppenders();
    log4cxx::MDC::clear();
  }

  std::shared_ptr<LinesAppender> appender_ = std::make_shared<LinesAppender>(
      pattern("[%X{trace_id}] [%X{span_id}] [%X{job_id}] %p %c - %m"));
  log4cxx::LoggerPtr logger_ = log4cxx::Logger::getLogger("weather");
};

TEST_F(Log4cxx, EventsHaveTheIdsAndFieldsOfTheCall) {
  const Context trace = Context::new_trace({.name = "abc-123"});
  const Scope scope{trace.with({{"job_id", 42}})};
  LOG4CXX_INFO(logger_, "Fetching " << 98101);
  EXPECT_THAT(appender_->take(), ElementsAre("[abc-123] [" + trace.span_id().to_hex() +
                                             "] [42] INFO weather - Fetching 98101"));
}

TEST_F(Log4cxx, ATraceWithoutANameHasItsId) {
  const Context trace = Context::new_trace();
  const Scope scope{trace};
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(), ElementsAre("[" + trace.trace_id().to_hex() + "] [" +
                                             trace.span_id().to_hex() + "] [] INFO weather - m"));
}

TEST_F(Log4cxx, WithoutAContextThereIsNothing) {
  {
    const Scope scope{Context::new_trace({.name = "abc-123"}).with({{"job_id", 42}})};
    LOG4CXX_INFO(logger_, "m");
    appender_->take();
  }
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(), ElementsAre("[] [] [] INFO weather - m"));
}

TEST_F(Log4cxx, TheThreadsOwnMdcStaysAsItWas) {
  appender_->setLayout(pattern("%X{own} %X{job_id} %X{trace_id}"));
  const log4cxx::MDC own("own", "mine");
  const log4cxx::MDC job("job_id", "from the MDC");
  {
    const Scope scope{Context::new_trace({.name = "abc-123"}).with({{"job_id", 42}})};
    LOG4CXX_INFO(logger_, "m");
  }
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(), ElementsAre("mine 42 abc-123", "mine from the MDC "));
}

TEST_F(Log4cxx, AFieldDoesNotHideAnId) {
  appender_->setLayout(pattern("%X{trace_id}"));
  const Scope scope{Context::new_trace({.name = "abc-123"}).with({{"trace_id", "forged"}})};
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(), ElementsAre("abc-123"));
}

TEST_F(Log4cxx, ValuesCannotForgeALine) {
  appender_->setLayout(pattern("%X"));
  const Scope scope{Context().with({{"k\n", "\r\n\x1b[2J\xff\xe2\x80\xa8 \xc3\xa4"}})};
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(),
              ElementsAre("{{k\\n,\\r\\n\\x1b[2J\\xff\\xe2\\x80\\xa8 \xc3\xa4}}"));
}

TEST_F(Log4cxx, JsonHasThemTogether) {
  appender_->setLayout(std::make_shared<log4cxx::JSONLayout>());
  const Context trace = Context::new_trace({.name = "abc-123"}).child();
  const Scope scope{trace.with({{"job_id", "J-\"1\""}})};
  LOG4CXX_INFO(logger_, "m");
  const auto lines = appender_->take();
  ASSERT_EQ(lines.size(), 1U);
  const nlohmann::json mdc = nlohmann::json::parse(lines[0])["context_map"];
  EXPECT_EQ(mdc, (nlohmann::json{{"trace_id", "abc-123"},
                                 {"span_id", trace.span_id().to_hex()},
                                 {"parent_span_id", trace.parent_span_id().to_hex()},
                                 {"job_id", "J-\"1\""}}));
}

TEST_F(Log4cxx, FiltersThatAcceptDoNotGetInTheWay) {
  const auto info = std::make_shared<log4cxx::filter::LevelMatchFilter>();
  info->setLevelToMatch("INFO");
  info->setAcceptOnMatch(true);
  const auto warn = std::make_shared<log4cxx::filter::LevelMatchFilter>();
  warn->setLevelToMatch("WARN");
  warn->setAcceptOnMatch(false);
  const auto filtered = std::make_shared<LinesAppender>(pattern("%X{trace_id} %p"));
  filtered->addFilter(info);
  filtered->addFilter(warn);
  logger_->addAppender(filtered);

  const Scope scope{Context::new_trace({.name = "abc-123"})};
  LOG4CXX_INFO(logger_, "accepted");
  LOG4CXX_WARN(logger_, "denied");
  LOG4CXX_ERROR(logger_, "neutral");
  EXPECT_THAT(filtered->take(), ElementsAre("abc-123 INFO", "abc-123 ERROR"));

  const auto late = std::make_shared<log4cxx::filter::LevelMatchFilter>();
  late->setLevelToMatch("ERROR");
  late->setAcceptOnMatch(false);
  filtered->addFilter(late);
  LOG4CXX_ERROR(logger_, "denied by now");
  EXPECT_THAT(filtered->take(), testing::IsEmpty());
}

TEST_F(Log4cxx, EveryAppenderOfALoggerHasThem) {
  const auto second = std::make_shared<LinesAppender>(pattern("%X{trace_id} %m"));
  logger_->addAppender(second);
  const Scope scope{Context::new_trace({.name = "abc-123"})};
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(second->take(), ElementsAre("abc-123 m"));
  EXPECT_EQ(appender_->take().size(), 1U);
}

TEST_F(Log4cxx, InstallFindsAppendersThatAreThereAlready) {
  appender_->clearFilters();
  log4cxx_bridge::install();
  log4cxx_bridge::install();
  EXPECT_EQ(appender_->getFilter()->getNext(), nullptr);
  const Scope scope{Context::new_trace({.name = "abc-123"})};
  LOG4CXX_INFO(logger_, "m");
  EXPECT_THAT(appender_->take(), ElementsAre(testing::StartsWith("[abc-123] ")));
}

TEST_F(Log4cxx, AppendersOfAConfigurationThatIsReadLaterHaveThem) {
  const TemporaryFolder folder;
  const std::string path = folder.path() + "/log";
  log4cxx::helpers::Properties properties;
  properties.setProperty("log4j.logger.configured", "INFO, F");
  properties.setProperty("log4j.appender.F", "org.apache.log4j.FileAppender");
  properties.setProperty("log4j.appender.F.File", path);
  properties.setProperty("log4j.appender.F.layout", "org.apache.log4j.PatternLayout");
  properties.setProperty("log4j.appender.F.layout.ConversionPattern", "[%X{trace_id}] %m%n");
  log4cxx::PropertyConfigurator::configure(properties);
  const log4cxx::LoggerPtr configured = log4cxx::Logger::getLogger("configured");
  {
    const Scope scope{Context::new_trace({.name = "abc-123"})};
    LOG4CXX_INFO(configured, "m");
  }
  configured->removeAllAppenders();
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "[abc-123] m\n");
}

TEST_F(Log4cxx, AsyncAppendersSeeTheIdsOfTheCall) {
  constexpr int kThreads = 8;
  constexpr int kLines = 1'000;
  logger_->removeAppender(appender_);
  appender_->setLayout(pattern("%X{trace_id} %X{span_id} %X{job_id}|%m"));
  const auto async = std::make_shared<log4cxx::AsyncAppender>();
  async->addAppender(appender_);
  async->setBufferSize(kThreads * kLines);
  logger_->addAppender(async);

  {
    const std::lock_guard closed(appender_->gate());
    std::barrier start(kThreads);
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([this, &start, t] {
        const std::string name = "trace-" + std::to_string(t);
        const Scope scope{Context::new_trace({.name = name})};
        start.arrive_and_wait();
        for (int i = 0; i < kLines; ++i) {
          const Scope job{Context::current().child().with({{"job_id", i}})};
          LOG4CXX_INFO(logger_, name << ' ' << Context::current().span_id().to_hex() << ' ' << i);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  async->close();

  const std::vector<std::string> all = appender_->take();
  ASSERT_EQ(all.size(), kThreads * kLines);
  for (const std::string& line : all) {
    const std::size_t middle = line.find('|');
    ASSERT_EQ(line.substr(0, middle), line.substr(middle + 1));
  }
}

}  // namespace
}  // namespace waybill
