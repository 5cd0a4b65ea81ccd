#include <cstdlib>
#include <functional>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/init/init.h>
#include <waybill/init/internal/init_fixture.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagation.h>

namespace waybill {
namespace {

using internal::error_of;
using internal::InitTest;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

TEST_F(InitTest, WritesJsonToStandardErrorThatIsNoTerminal) {
  const Outcome outcome = run({}, [] {
    init({.service = "weather"});
    logger("test").info("one");
    logger("test").debug("not this");
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.error, StartsWith(R"({"time":")"));
  EXPECT_THAT(
      outcome.error,
      HasSubstr(R"("severity":"INFO","message":"one","logger":"test","service":"weather")"));
  EXPECT_THAT(outcome.error, Not(HasSubstr("not this")));
  EXPECT_THAT(outcome.output, IsEmpty());
}

// What arrives at the other end of a terminal that is standard error to `body`.
std::string shown_on_a_terminal(const std::function<void()>& body) {
  const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) return "no terminal";
  const pid_t child = fork();
  if (child == 0) {
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    if (dup2(open(ptsname(terminal), O_RDWR | O_NOCTTY), STDERR_FILENO) < 0) _exit(98);
    body();
    flush();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::string shown(4096, '\0');
  const ssize_t size = read(terminal, shown.data(), shown.size());
  close(terminal);
  shown.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return shown;
}

TEST_F(InitTest, WritesColouredTextToStandardErrorThatIsATerminal) {
  const std::string shown = shown_on_a_terminal([] {
    init();
    logger("test").info("one");
  });
  EXPECT_THAT(shown, HasSubstr("\x1b["));
  EXPECT_THAT(shown, HasSubstr(" one"));
  EXPECT_THAT(shown, Not(HasSubstr("{")));
}

TEST_F(InitTest, TakesItAllFromTheEnvironment) {
  const Outcome outcome = run({{"OTEL_SERVICE_NAME", "weather"},
                               {"OTEL_RESOURCE_ATTRIBUTES", "service.version=1.4.0"},
                               {"OTEL_PROPAGATORS", "b3,jaeger"},
                               {"WAYBILL_LOG", "warn,http=debug"},
                               {"WAYBILL_LOG_SINK", "stdout"},
                               {"WAYBILL_LOG_FORMAT", "otel"},
                               {"WAYBILL_PIPELINE_SYNCHRONOUS", "true"}},
                              [] {
                                init();
                                logger("test").info("not this");
                                logger("http").debug("this");
                                const auto formats = default_propagator().options().formats;
                                if (formats.to_string() != "b3,jaeger") _exit(3);
                                _exit(0);  // synchronous: nothing is pending
                              });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr(R"({"stringValue":"this"})"));
  EXPECT_THAT(outcome.output,
              HasSubstr(R"({"key":"service.version","value":{"stringValue":"1.4.0"}})"));
  EXPECT_THAT(outcome.output,
              HasSubstr(R"({"key":"telemetry.sdk.name","value":{"stringValue":"waybill"}})"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("not this")));
  EXPECT_THAT(outcome.error, IsEmpty());
}

TEST_F(InitTest, TakesItAllFromAFile) {
  const std::string config = folder_.write("waybill.toml",
                                           "[[log.output]]\n"
                                           "sink = 'file'\n"
                                           "path = '" +
                                               (folder_ / "logs/all.log") +
                                               "'\n"
                                               "format = 'text'\n"
                                               "pattern = '{level} {message}'\n"
                                               "[[log.output]]\n"
                                               "sink = 'stdout'\n"
                                               "format = 'text'\n"
                                               "pattern = '{service} {message}'\n"
                                               "level = 'error'\n"
                                               "[resource]\n"
                                               "service.name = 'weather'\n");
  const Outcome outcome = run({{"WAYBILL_CONFIG", config}}, [] {
    init();
    logger("test").info("one");
    logger("test").error("two");
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(folder_.read("logs/all.log"), "INFO one\nERROR two\n");
  EXPECT_EQ(outcome.output, "weather two\n");
}

TEST_F(InitTest, TakesOutputsThatCodeHasMade) {
  const Outcome outcome = run({{"WAYBILL_LOG_FILE", folder_ / "not.log"}}, [] {
    init({.log = {.outputs = {{text_format({.pattern = "{message}"}), stdout_sink()}}}});
    logger("test").info("one");
  });
  EXPECT_EQ(outcome.output, "one\n");
  EXPECT_NE(access((folder_ / "not.log").c_str(), F_OK), 0);
}

TEST_F(InitTest, ReplacesWhatAnEarlierCallHasSetUp) {
  const Outcome outcome = run({}, [this] {
    init({.log = {.format = LogFormatName::kLogfmt, .file = folder_ / "first.log"},
          .propagation = {.formats = FormatList{Format::kB3}}});
    if (default_propagator().options().formats != FormatList{Format::kB3}) _exit(4);
    logger("test").info("one");
    init({.log = {.format = LogFormatName::kLogfmt, .file = folder_ / "second.log"}});
    logger("test").info("two");
    if (default_propagator().options().formats != FormatList()) _exit(3);
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(folder_.read("first.log"), HasSubstr("msg=one"));
  EXPECT_THAT(folder_.read("first.log"), Not(HasSubstr("msg=two")));
  EXPECT_THAT(folder_.read("second.log"), HasSubstr("msg=two"));
}

TEST_F(InitTest, RecordsNothingWhenItIsDisabled) {
  const Outcome outcome =
      run({{"OTEL_SDK_DISABLED", "true"},
           {"OTEL_PROPAGATORS", "b3"},
           {"WAYBILL_LOG", "trace,test=trace"},
           {"WAYBILL_LOG_FILE", folder_ / "not.log"}},
          [] {
            init();
            logger("test").fatal("not this");
            if (default_propagator().options().formats != FormatList{Format::kB3}) _exit(3);
          });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output + outcome.error, IsEmpty());
  EXPECT_NE(access((folder_ / "not.log").c_str(), F_OK), 0);
}

TEST_F(InitTest, InstallsTheCrashHandler) {
  const Outcome outcome = run({{"WAYBILL_PIPELINE_CRASH_HANDLER", "true"},
                               {"WAYBILL_PIPELINE_SHORTEST_SLEEP", "1h"},
                               {"WAYBILL_LOG_SINK", "stdout"}},
                              [] {
                                init();
                                logger("test").info("the last words");
                                std::abort();
                              });
  EXPECT_EQ(outcome.status, -1);  // of a signal
  EXPECT_THAT(outcome.output, HasSubstr("the last words"));
  EXPECT_THAT(outcome.output, HasSubstr(R"("severity":"FATAL")"));
}

TEST_F(InitTest, ChangesNothingWhereAnOptionIsBad) {
  const Outcome outcome = run({}, [this] {
    init({.log = {.format = LogFormatName::kLogfmt, .file = folder_ / "first.log"}});
    const std::string blocked = folder_.write("blocked", "") + "/a.log";
    const std::string error = error_of([&] {
      init({.log = {.level = Level::kOff, .file = blocked},
            .propagation = {.formats = FormatList{Format::kB3}}});
    });
    logger("test").info("one", fmt::arg("error", error));
    if (default_propagator().options().formats != FormatList()) _exit(3);
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(folder_.read("first.log"), HasSubstr("option 'log.file' (in code): "));
}

TEST_F(InitTest, EndsTheProgramWithAMessageIfAskedTo) {
  const Outcome outcome =
      run({{"WAYBILL_LOG_FORMAT", "jsn\n"}}, [] { init_or_exit({.service = "weather"}); });
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.error,
            "waybill: option 'log.format' (environment variable WAYBILL_LOG_FORMAT): 'jsn\\x0a' is "
            "not valid: expected auto, console, text, json, logfmt, gcp, ecs, datadog, otel\n");
}

TEST_F(InitTest, GoesOnWhereNothingIsWrong) {
  const Outcome outcome = run({{"WAYBILL_LOG_FORMAT", "logfmt"}}, [] {
    init_or_exit();
    logger("test").info("one");
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.error, HasSubstr("msg=one"));
}

}  // namespace
}  // namespace waybill
