#include <barrier>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/bridges/glog.h>
#include <waybill/core/core.h>
#include <waybill/log/internal/memory_sink.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

// What glog would write to its file.
class Lines final : public google::base::Logger {
 public:
  void Write(bool /*flush*/, time_t /*time*/, const char* message, std::size_t size) override {
    const std::lock_guard lock(mutex_);
    if (size > 0) lines_.emplace_back(message, size);
  }
  void Flush() override {}
  google::uint32 LogSize() override { return 0; }

  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

Lines& lines() {
  static Lines& forever = *new Lines;
  return forever;
}

class Glog : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (google::IsGoogleLoggingInitialized()) return;
    // Without it, each line has the C library replace the name of the time zone, under a lock that
    // ThreadSanitizer does not see.
    setenv("TZ", "UTC", 1);
    google::InitGoogleLogging("glog_test", glog_bridge::prefix);
    google::base::SetLogger(google::GLOG_INFO, &lines());
    FLAGS_stderrthreshold = google::NUM_SEVERITIES;
  }
  void TearDown() override { lines().take(); }
};

using GlogPrefix = Glog;

TEST_F(GlogPrefix, HasTheIdsAndFieldsOfTheCall) {
  const Context trace = Context::new_trace({.name = "batch-job-2025-10-21"});
  const Scope scope{trace.with({{"job_id", 42}, {"zip", "98 101"}})};
  LOG(INFO) << "Fetching";
  EXPECT_THAT(lines().take(),
              ElementsAre(EndsWith("] [batch-job-2025-10-21] [" + trace.span_id().to_hex() +
                                   "] job_id=42 zip=\"98 101\" Fetching\n")));
}

TEST_F(GlogPrefix, WritesTheIdOfATraceWithoutAName) {
  const Context trace = Context::new_trace();
  const Scope scope{trace};
  LOG(INFO) << "m";
  EXPECT_THAT(lines().take(), ElementsAre(EndsWith("] [" + trace.trace_id().to_hex() + "] [" +
                                                   trace.span_id().to_hex() + "] m\n")));
}

TEST_F(GlogPrefix, HasDashesWithoutAContext) {
  LOG(INFO) << "m";
  EXPECT_THAT(lines().take(), ElementsAre(EndsWith("] [-] [-] m\n")));
}

TEST_F(GlogPrefix, BeginsAsGlogsOwnDoes) {
  LOG(WARNING) << "m";
  EXPECT_THAT(lines().take(),
              ElementsAre(MatchesRegex(
                  "W[0-9]{8} [0-9:]{8}\\.[0-9]{6} +[0-9]+ glog_test\\.cc:[0-9]+\\] .* m\n")));
  FLAGS_log_year_in_prefix = false;
  LOG(ERROR) << "m";
  FLAGS_log_year_in_prefix = true;
  EXPECT_THAT(lines().take(), ElementsAre(MatchesRegex("E[0-9]{4} [0-9:]{8}\\..*")));
}

TEST_F(GlogPrefix, CannotBeForged) {
  const Scope scope{Context::new_trace({.name = "a\nI20261120 forged\x1b[2J"})
                        .with({{"k\n=", "v\r\n\xff\xe2\x80\xae\xc2\x9b"}})};
  LOG(INFO) << "m";
  const std::vector<std::string> all = lines().take();
  EXPECT_THAT(all,
              ElementsAre(AllOf(HasSubstr("[a\\nI20261120 forged\\x1b[2J]"),
                                HasSubstr("k\\n_=v\\r\\n\\xff\\xe2\\x80\\xae\\xc2\\x9b m\n"))));
}

TEST_F(GlogPrefix, IsThatOfTheWritingThread) {
  constexpr int kThreads = 8;
  constexpr int kLines = 2'000;
  std::barrier start(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&start, t] {
      const std::string name = "trace-" + std::to_string(t);
      const Scope scope{Context::new_trace({.name = name})};
      start.arrive_and_wait();
      for (int i = 0; i < kLines; ++i) LOG(INFO) << name << " says " << i;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::vector<std::string> all = lines().take();
  ASSERT_EQ(all.size(), kThreads * kLines);
  std::set<std::string> seen;
  for (const std::string& line : all) {
    const std::size_t said = line.find(" trace-") + 1;
    const std::string name = line.substr(said, line.find(' ', said) - said);
    ASSERT_THAT(line, HasSubstr("[" + name + "] ["));
    seen.insert(line.substr(said));
  }
  EXPECT_EQ(seen.size(), kThreads * kLines);
}

class GlogForwarding : public Glog {
 protected:
  void SetUp() override {
    configure_logging({.outputs = {{json_format(), sink_}}});
    lines().take();
  }
  void TearDown() override { configure_logging({}); }

  std::vector<nlohmann::json> records() {
    std::vector<nlohmann::json> all;
    for (const std::string& line : sink_->take()) all.push_back(nlohmann::json::parse(line));
    return all;
  }

  std::shared_ptr<internal::MemorySink> sink_ = std::make_shared<internal::MemorySink>();
};

TEST_F(GlogForwarding, MakesRecordsUnderTheContextOfTheCall) {
  const glog_bridge::Forwarding forwarding;
  const Context trace = Context::new_trace({.name = "abc-123"}).with({{"job_id", 42}});
  const Scope scope{trace};
  LOG(WARNING) << "two\nlines";
  const auto all = records();
  ASSERT_EQ(all.size(), 1U);
  const nlohmann::json& record = all[0];
  EXPECT_EQ(record["message"], "two\nlines");
  EXPECT_EQ(record["severity"], "WARN");
  EXPECT_EQ(record["logger"], "glog");
  EXPECT_EQ(record["trace_id"], "abc-123");
  EXPECT_EQ(record["span_id"], trace.span_id().to_hex());
  EXPECT_EQ(record["job_id"], 42);
  EXPECT_THAT(record["code.file.path"].get<std::string>(), EndsWith("glog_test.cc"));
  EXPECT_GT(record["code.line.number"].get<int>(), 0);
}

TEST_F(GlogForwarding, MapsSeverities) {
  const glog_bridge::Forwarding forwarding({.logger = "old"});
  LOG(INFO) << "m";
  LOG(ERROR) << "m";
  const auto all = records();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0]["severity"], "INFO");
  EXPECT_EQ(all[1]["severity"], "ERROR");
  EXPECT_EQ(all[1]["logger"], "old");
}

TEST_F(GlogForwarding, EndsWithTheObject) {
  { const glog_bridge::Forwarding forwarding; }
  LOG(INFO) << "m";
  EXPECT_THAT(records(), IsEmpty());
}

TEST_F(GlogForwarding, IsRightFromManyThreads) {
  constexpr int kThreads = 8;
  constexpr int kLines = 1'000;
  const glog_bridge::Forwarding forwarding;
  std::barrier start(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&start, t] {
      const std::string name = "trace-" + std::to_string(t);
      const Scope scope{Context::new_trace({.name = name})};
      start.arrive_and_wait();
      for (int i = 0; i < kLines; ++i) LOG(INFO) << name;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto all = records();
  ASSERT_EQ(all.size(), kThreads * kLines);
  for (const nlohmann::json& record : all) ASSERT_EQ(record["trace_id"], record["message"]);
}

TEST_F(GlogForwarding, FatalMessagesGetOut) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto die = [] {
    constexpr std::chrono::minutes kLong(10);
    configure_logging({.outputs = {{text_format({.pattern = "{level} of {trace_id}: {message}"}),
                                    stderr_sink()}}});
    const glog_bridge::Forwarding forwarding({.only = true});
    configure_pipeline({.shortest_sleep = kLong, .longest_sleep = kLong});
    LOG(INFO) << "its background thread, once awake, sleeps";
    flush();
    const Scope scope{Context::new_trace({.name = "abc-123"})};
    LOG(FATAL) << "no way on";
  };
  EXPECT_DEATH(die(), "FATAL of abc-123: no way on\n");
}

// In a process of its own: what it turns off stays off.
TEST_F(GlogForwarding, CanBeTheOnlyOutput) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto log_and_exit = [] {
    FLAGS_alsologtostderr = true;
    configure_logging({.outputs = {{text_format({.pattern = "{message}"}), stderr_sink()}}});
    const glog_bridge::Forwarding forwarding({.only = true});
    LOG(ERROR) << "said once";
    flush();
    std::_Exit(lines().take().size() == 1 ? 0 : 1);  // a base::Logger of one's own stays
  };
  EXPECT_EXIT(log_and_exit(), testing::ExitedWithCode(0), "^said once\n$");
}

}  // namespace
}  // namespace waybill
