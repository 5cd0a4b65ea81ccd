// What a record says is fixed at the call, however late it is formatted.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/log/internal/memory_sink.h>
#include <waybill/log/log.h>
#include <waybill/pipeline/self_metrics.h>

namespace waybill {
namespace {

enum Paint : int { kRed = 1 };
struct Price {
  long cents;
};

}  // namespace

template <>
inline constexpr bool is_copied_to_log<Price> = true;

}  // namespace waybill

template <>
struct fmt::formatter<waybill::Price> : fmt::formatter<long> {
  template <class FormatContext>
  auto format(const waybill::Price& price, FormatContext& context) const {
    return fmt::formatter<long>::format(price.cents, context);
  }
};
namespace waybill {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class DeferredTest : public testing::Test {
 protected:
  DeferredTest() {
    configure_logging(
        {.outputs = {{text_format({.pattern = "[{trace_id}] {message} {fields}"}), sink_}}});
  }
  ~DeferredTest() override {
    configure_logging({});
    configure_pipeline({});
  }

  std::string only_line() {
    const auto lines = sink_->take();
    EXPECT_THAT(lines, SizeIs(1));
    return lines.empty() ? "" : lines[0].substr(0, lines[0].size() - 1);
  }

  std::shared_ptr<internal::MemorySink> sink_ = std::make_shared<internal::MemorySink>();
  const Logger log_ = logger("deferred");
};

// Holds up the background thread in its first record until open() is called.
class Barrier final : public LogRecordSink {
 public:
  bool write(const LogRecord&) override {
    std::unique_lock lock(mutex_);
    reached_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    return true;
  }
  void wait_until_reached() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return reached_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool reached_ = false;
  bool open_ = false;
};

TEST_F(DeferredTest, ArgumentsAndContextsMayBeGoneBeforeTheyAreFormatted) {
  const auto barrier = std::make_shared<Barrier>();
  configure_logging(
      {.outputs = {{.records = barrier},
                   {text_format({.pattern = "[{trace_id}] {message} {fields}"}), sink_}}});
  log_.info("first");
  barrier->wait_until_reached();
  for (int i = 0; i < 100; ++i) {
    std::string text = fmt::format("text {} that is too long to be stored in the string itself", i);
    const std::string name = fmt::format("trace-{}", i);
    const Scope scope{Context::new_trace({.name = name}).with({{"job", text}})};
    const Logger own = log_.with({{"own", text}});
    own.info({{"call", text}}, "{}", text);
    text.assign(text.size(), '#');
  }
  barrier->open();
  const auto lines = sink_->take();
  ASSERT_THAT(lines, SizeIs(101));
  for (int i = 0; i < 100; ++i) {
    const std::string text =
        fmt::format("text {} that is too long to be stored in the string itself", i);
    EXPECT_EQ(lines[static_cast<std::size_t>(i) + 1],
              fmt::format("[trace-{0}] {1} job=\"{1}\" own=\"{1}\" call=\"{1}\"\n", i, text));
  }
}

TEST_F(DeferredTest, CopiesEveryKindOfArgument) {
  const char* null = nullptr;
  char array[] = "array";
  log_.info("{} {} {} {} {} {} {}", 1, -2L, 3U, 2.5, 1.5F, true, 'c');
  log_.info("{} {} {} {} {}", "literal", array, std::string("string"), std::string_view("view"),
            null);
  log_.info("{} {} {} {}", kRed, Price{995}, 1500ms, static_cast<const void*>(nullptr));
  EXPECT_THAT(sink_->take(),
              ElementsAre("[-] 1 -2 3 2.5 1.5 true c\n", "[-] literal array string view (null)\n",
                          "[-] 1 995 1500ms 0x0\n"));
}

TEST_F(DeferredTest, FormatsOnTheSpotWhatItCannotCopy) {
  std::vector<int> numbers = {1, 2, 3};
  log_.info({{"k", 1}}, "{} {} {}", numbers, std::make_error_code(std::errc::timed_out),
            fmt::arg("n", 7));
  numbers.clear();
  EXPECT_EQ(only_line(), "[-] [1, 2, 3] Connection timed out (generic:110) 7 n=7 k=1");
}

TEST_F(DeferredTest, KeepsFormatSpecificationsAndBraces) {
  log_.info("{{{:>6}|{:<6}|{:^7.3f}|{:#x}}}", "right", std::string("left"), 3.14159, 255);
  log_.info("no arguments, {{braces}}");
  EXPECT_THAT(sink_->take(),
              ElementsAre("[-] { right|left  | 3.142 |0xff}\n", "[-] no arguments, {braces}\n"));
}

TEST_F(DeferredTest, NamedArgumentsBecomeFields) {
  using namespace fmt::literals;
  log_.info("Fetched {zip} in {ms} ms: {}", "ok", fmt::arg("zip", std::string("98101")),
            fmt::arg("ms", 12));
  log_.info("{rate:.1f}", "rate"_a = 0.25);
  EXPECT_THAT(sink_->take(), ElementsAre("[-] Fetched 98101 in 12 ms: ok zip=98101 ms=12\n",
                                         "[-] 0.2 rate=0.25\n"));
}

TEST_F(DeferredTest, ErrorCodesSayWhatTheyMean) {
  log_.info("{}", std::make_error_code(std::errc::no_such_file_or_directory));
  EXPECT_EQ(only_line(), "[-] No such file or directory (generic:2)");
}

TEST_F(DeferredTest, ExceptionsGiveTypeAndMessage) {
  log_.error("failed: {}", std::out_of_range("index 7"));
  EXPECT_EQ(only_line(),
            "[-] failed: std::out_of_range: index 7 exception.type=std::out_of_range "
            "exception.message=\"index 7\"");
}

TEST_F(DeferredTest, CaughtExceptionsAreNamedByWhatTheyAre) {
  try {
    throw std::out_of_range("index 7");
  } catch (const std::exception& error) {  // the static type says less
    log_.error("{}", error);
  }
  EXPECT_THAT(only_line(), HasSubstr("exception.type=std::out_of_range"));
}

TEST_F(DeferredTest, ExceptionPointersMayHoldAnything) {
  log_.error("{}", std::make_exception_ptr(std::logic_error("wrong")));
  log_.error("{}", std::make_exception_ptr(42));
  log_.error("{}", std::exception_ptr());
  const auto lines = sink_->take();
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], HasSubstr("std::logic_error: wrong"));
  EXPECT_THAT(lines[1], HasSubstr("int: not a std::exception"));
  EXPECT_THAT(lines[2], HasSubstr("none: no exception"));
}

TEST_F(DeferredTest, KnowsThePlaceOfTheCallAndItsThread) {
  std::uint32_t line = 0;
  std::string file;
  std::uint64_t thread = 0;
  struct Look final : LogRecordSink {
    explicit Look(std::function<void(const LogRecord&)> look) : look_(std::move(look)) {}
    bool write(const LogRecord& record) override {
      look_(record);
      return true;
    }
    std::function<void(const LogRecord&)> look_;
  };
  std::string message_template;
  configure_logging({.outputs = {{.records = std::make_shared<Look>([&](const LogRecord& record) {
                                    line = record.where.line();
                                    file = record.where.file_name();
                                    thread = record.thread_id;
                                    message_template = record.message_template;
                                  })}}});
  log_.info("{} m", 1);
  const std::uint32_t expected = __LINE__ - 1;
  EXPECT_TRUE(flush());
  EXPECT_EQ(line, expected);
  EXPECT_THAT(file, HasSubstr("deferred_test.cc"));
  EXPECT_EQ(thread, static_cast<std::uint64_t>(gettid()));
  EXPECT_EQ(message_template, "{} m");
}

TEST_F(DeferredTest, LongTextIsCutAndSaysSo) {
  log_.info("{}", std::string(1'000'000, 'x'));
  const std::string line = only_line();
  EXPECT_EQ(line.size(), std::string_view("[-] ").size() + 256 * 1024);
  EXPECT_TRUE(line.ends_with("x [cut]"));
}

TEST_F(DeferredTest, MoreThan255FieldsAreLeftOut) {
  std::vector<Field> fields(300, Field{"k", 1});
  log_.log(Level::kInfo, Fields(fields.data(), fields.size()), "m");
  EXPECT_EQ(only_line(), "[-] m k=1");
}

TEST_F(DeferredTest, EveryWritesOneRecordAnIntervalAndSaysHowManyItLeftOut) {
  for (int i = 0; i < 100; ++i) log_.every(1h).info("often {}", i);
  EXPECT_EQ(only_line(), "[-] often 0");
  for (int i = 0; i < 3; ++i) log_.every(1ns).info({{"k", i}}, "always");
  EXPECT_THAT(sink_->take(), SizeIs(3));
  const auto once = [this](std::chrono::nanoseconds interval) {
    log_.every(interval).info({{"k", 1}}, "m");
  };
  once(1ns);
  once(-1h);  // granted; and the next one is due in the past
  EXPECT_THAT(sink_->take(), SizeIs(2));
}

TEST_F(DeferredTest, EveryCountsPerCallSite) {
  for (int i = 0; i < 2; ++i) {
    log_.every(1h).info("one");
    log_.every(1h).info("two");
  }
  EXPECT_THAT(sink_->take(), ElementsAre("[-] one\n", "[-] two\n"));
}

TEST_F(DeferredTest, SynchronousRecordsAreWrittenWhenTheCallReturns) {
  configure_pipeline({.synchronous = true});
  struct Count final : LogRecordSink {
    bool write(const LogRecord&) override {
      ++records;
      return true;
    }
    int records = 0;
  };
  const auto count = std::make_shared<Count>();
  configure_logging({.outputs = {{.records = count}}});
  log_.info("m");
  EXPECT_EQ(count->records, 1);
  std::thread([&] { log_.info("m"); }).join();
  EXPECT_EQ(count->records, 2);
}

// Every line's ids are those of its call: eight threads, each under a new context for each record,
// whose contexts are gone by the time the record is formatted.
TEST_F(DeferredTest, EightThreadsTimesAHundredThousandRecordsAllSayTheTruth) {
  configure_pipeline({.when_full = WhenFull::kWait, .longest_wait = 60s});
  struct Check final : LogRecordSink {
    bool write(const LogRecord& record) override {
      // The message repeats what the context said at the call.
      char hex[TraceId::kHexSize + SpanId::kHexSize];
      record.trace_id.write_hex(hex);
      record.span_id.write_hex(hex + TraceId::kHexSize);
      const Field* job = record.find("job");
      const bool same = record.message == std::string_view(hex, sizeof hex) && job != nullptr &&
                        job->value.as_int64() == next[record.thread_id]++;
      wrong += !same;
      ++records;
      return true;
    }
    std::map<std::uint64_t, std::int64_t> next;
    int records = 0;
    int wrong = 0;
  };
  const auto check = std::make_shared<Check>();
  configure_logging({.outputs = {{.records = check}}});
  constexpr int kRecords = 100'000;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < kRecords; ++i) {
        const Scope scope{Context::new_trace().with({{"job", i}})};
        char hex[TraceId::kHexSize + SpanId::kHexSize];
        Context::current().trace_id().write_hex(hex);
        Context::current().span_id().write_hex(hex + TraceId::kHexSize);
        log_.info("{}", std::string_view(hex, sizeof hex));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(flush(60s));
  EXPECT_EQ(check->records, 8 * kRecords);
  EXPECT_EQ(check->wrong, 0);
}

}  // namespace
}  // namespace waybill
