#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/format_samples.h>
#include <waybill/log/text_format.h>

namespace waybill {
namespace {

using test::kTime;
using test::line_of;
using test::traced;
using test::under;

std::string text(const LogRecord& record, const TextFormatOptions& options = {}) {
  return line_of(text_format(options), record);
}

TEST(TextFormat, WritesTheDefaultPattern) {
  const Context context = Context::new_trace({.name = "abc"}).with({{"run_id", "r1"}, {"zip", 7}});
  EXPECT_EQ(text(under(context, {.time = kTime, .message = "m"})),
            "[2026-11-20T23:58:01.000042Z] [r1] [abc] INFO - m zip=7");
  EXPECT_EQ(text({.time = kTime, .message = "m"}),
            "[2026-11-20T23:58:01.000042Z] [-] [-] INFO - m");
}

TEST(TextFormat, KnowsEveryNamedPart) {
  const Resource resource{.service_name = "svc"};
  const LogRecord record = under(traced(), {.time = kTime,
                                            .level = Level::kWarn,
                                            .logger = "log",
                                            .message = "m",
                                            .thread_id = 7,
                                            .resource = resource});
  EXPECT_EQ(text(record, {.pattern = "{level:6}|{logger}|{service}|{span_id}|{parent_span_id}"}),
            "WARN  |log|svc|00f067aa0ba902b7|b7ad6b7169203331");
  EXPECT_EQ(text(record, {.pattern = "{trace_id}", .trace_id = TraceIdSpelling::kUuid}),
            traced().trace_id().to_uuid());
  EXPECT_EQ(text(record, {.pattern = "{thread} {clock}"}), "7 23:58:01.000");
  EXPECT_EQ(text(record, {.pattern = "{{{message}}} {absent}"}), "{m} -");
  const LogRecord here{.message = "m", .where = std::source_location::current()};
  EXPECT_EQ(text(here, {.pattern = "{line}"}), std::to_string(here.where.line()));
  EXPECT_NE(text(here, {.pattern = "{file}"}).find("text_format_test.cc"), std::string::npos);
  EXPECT_NE(text(here, {.pattern = "{function}"}).find("TestBody"), std::string::npos);
}

TEST(TextFormat, WritesEveryTypeOfField) {
  const Field fields[] = {{"i", -1}, {"u", 1U}, {"d", 0.5}, {"b", true}, {"s", "x"}};
  const LogRecord record{.call_fields = Fields(fields, 5)};
  EXPECT_EQ(text(record, {.pattern = "{d} {fields}"}), "0.5 i=-1 u=1 b=true s=x");
}

TEST(TextFormat, RefusesABrokenPattern) {
  for (const std::string_view bad :
       {"{", "{message", "{}", "a {} b", "{level:}", "{level:x}", "{level:5000}"}) {
    EXPECT_THROW(text_format({.pattern = bad}), Error) << bad;
  }
}

TEST(TextFormat, TakesPatternsOfAnyLength) {
  const std::string pattern(3000, 'x');
  EXPECT_EQ(text({}, {.pattern = pattern}), pattern);
}

TEST(TextFormat, ForgesNoLineAndMovesNoCursor) {
  const std::string_view hostile(
      "a\nb\r\t\x1b[31m\x7f\0\xff\xc2\x9b"
      "1m",
      17);
  const Field fields[] = {{"k\n", hostile}, {"q", "say \"hi\" in Zürich\\"}, {"empty", ""}};
  const Context forger = Context::new_trace({.name = "id\nforged"});
  const LogRecord record =
      under(forger, {.logger = "l\n", .message = hostile, .call_fields = Fields(fields, 3)});
  EXPECT_EQ(
      text(record, {.pattern = "{logger} {trace_id} {message} {fields}"}),
      "l\\n id\\nforged a\\nb\\r\\t\\x1b[31m\\x7f\\x00\\xff\\xc2\\x9b1m "
      "k\\n=a\\nb\\r\\t\\x1b[31m\\x7f\\x00\\xff\\xc2\\x9b1m q=\"say \\\"hi\\\" in Zürich\\\\\" "
      "empty=\"\"");
}

// "Trojan Source" (CVE-2021-42574).
TEST(TextFormat, LetsNoTextTurnTheDirectionOfWriting) {
  EXPECT_EQ(text({.message = "\u202e\u2066\u2028 \u05d0\u200f"}, {.pattern = "{message}"}),
            "\\xe2\\x80\\xae\\xe2\\x81\\xa6\\xe2\\x80\\xa8 \u05d0\u200f");
}

TEST(ConsoleFormat, ColoursTheLevelAndDimsWhatIsSeldomRead) {
  const Context context = Context::new_trace({.name = "abc"}).with({{"zip", 7}});
  const LogRecord record =
      under(context, {.time = kTime, .level = Level::kWarn, .logger = "web", .message = "m"});
  EXPECT_EQ(
      line_of(console_format(Colour::kAlways), record),
      "\x1b[2m23:58:01.000\x1b[0m \x1b[33mWARN\x1b[0m  \x1b[1mweb\x1b[0m [\x1b[2mabc\x1b[0m] m "
      "\x1b[2mzip=\x1b[0m7");
  EXPECT_EQ(line_of(console_format(Colour::kNever), record),
            "23:58:01.000 WARN  web [abc] m zip=7");
}

TEST(ConsoleFormat, ShowsNoColoursButItsOwn) {
  const Field field{"k\x1b[31m", "v\x1b[31m"};
  const LogRecord record{
      .logger = "\x1b[31m", .message = "\x1b[31m", .call_fields = Fields(&field, 1)};
  EXPECT_EQ(line_of(console_format(Colour::kAlways), record).find("\x1b[31m"), std::string::npos);
}

// A variable of the environment that is as it was when this goes.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    had_ = std::getenv(name) != nullptr;
    value != nullptr ? setenv(name, value, 1) : unsetenv(name);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { had_ ? setenv(name_, old_.c_str(), 1) : unsetenv(name_); }

 private:
  const char* name_;
  std::string old_;
  bool had_;
};

// A terminal of its own for a test.
class Terminal {
 public:
  Terminal() : master_(posix_openpt(O_RDWR | O_NOCTTY)) {
    EXPECT_EQ(grantpt(master_), 0);
    EXPECT_EQ(unlockpt(master_), 0);
    char name[64];
    EXPECT_EQ(ptsname_r(master_, name, sizeof name), 0);
    terminal_ = open(name, O_RDWR | O_NOCTTY);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal() {
    close(terminal_);
    close(master_);
  }
  int descriptor() const { return terminal_; }

 private:
  int master_;
  int terminal_;
};

TEST(ShowsColour, OnlyOnATerminalThatCan) {
  const Terminal terminal;
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const Variable no_colour("NO_COLOR", nullptr);
  const Variable term("TERM", "xterm-256color");
  EXPECT_TRUE(shows_colour(terminal.descriptor()));
  EXPECT_FALSE(shows_colour(pipe[1]));
  EXPECT_FALSE(shows_colour(-1));
  {
    const Variable dumb("TERM", "dumb");
    EXPECT_FALSE(shows_colour(terminal.descriptor()));
  }
  close(pipe[0]);
  close(pipe[1]);
}

TEST(ShowsColour, UnlessTheUserWantsNone) {
  const Terminal terminal;
  const Variable term("TERM", "xterm");
  {
    const Variable no_colour("NO_COLOR", "1");
    EXPECT_FALSE(shows_colour(terminal.descriptor()));
    EXPECT_EQ(line_of(console_format(Colour::kAuto, terminal.descriptor()), {}).find('\x1b'),
              std::string::npos);
  }
  const Variable empty("NO_COLOR", "");
  EXPECT_TRUE(shows_colour(terminal.descriptor()));
  EXPECT_NE(line_of(console_format(Colour::kAuto, terminal.descriptor()), {}).find('\x1b'),
            std::string::npos);
}

}  // namespace
}  // namespace waybill
