#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/datagram_receiver.h>
#include <waybill/log/internal/temporary_folder.h>
#include <waybill/log/syslog_sink.h>

namespace waybill {
namespace {

using internal::DatagramReceiver;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string error_of(SyslogOptions options) {
  try {
    syslog_sink(std::move(options));
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class SyslogSinkTest : public testing::Test {
 protected:
  internal::TemporaryFolder folder_;
  std::string path_ = folder_ / "log";
};

TEST_F(SyslogSinkTest, SendsADatagramForEachRecord) {
  const DatagramReceiver daemon(path_);
  const auto sink = syslog_sink({.path = path_, .app_name = "weather"});
  EXPECT_TRUE(sink->write({.message = "one"}));
  EXPECT_TRUE(sink->write({.message = "two"}));
  const std::string first = daemon.receive().text;
  EXPECT_THAT(first, StartsWith("<14>1 "));
  EXPECT_THAT(first, HasSubstr(" weather "));
  EXPECT_THAT(first, EndsWith(" one"));
  EXPECT_THAT(daemon.receive().text, EndsWith(" two"));
}

TEST_F(SyslogSinkTest, SendsOverUdp) {
  const DatagramReceiver server;
  const auto sink = syslog_sink({.host = "127.0.0.1", .port = server.port(), .hostname = "web-3"});
  EXPECT_TRUE(sink->write({.message = "far away"}));
  const std::string message = server.receive().text;
  EXPECT_THAT(message, HasSubstr("Z web-3 "));
  EXPECT_THAT(message, EndsWith(" far away"));
}

TEST_F(SyslogSinkTest, NamesTheMachineItRunsOn) {
  const DatagramReceiver daemon(path_);
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  syslog_sink({.path = path_})->write({});
  EXPECT_THAT(daemon.receive().text, HasSubstr("Z " + std::string(name) + " "));
}

TEST_F(SyslogSinkTest, ConnectsAgainToADaemonStartedAnew) {
  auto daemon = std::make_unique<DatagramReceiver>(path_);
  const auto sink = syslog_sink({.path = path_});
  EXPECT_TRUE(sink->write({.message = "before"}));
  daemon.reset();
  EXPECT_FALSE(sink->write({.message = "nobody is there"}));
  EXPECT_FALSE(sink->write({.message = "nobody is there"}));
  daemon = std::make_unique<DatagramReceiver>(path_);
  EXPECT_TRUE(sink->write({.message = "after"}));
  EXPECT_THAT(daemon->receive().text, EndsWith(" after"));
}

TEST_F(SyslogSinkTest, ConnectsAgainWithoutALossToADaemonThatIsBackAlready) {
  auto daemon = std::make_unique<DatagramReceiver>(path_);
  const auto sink = syslog_sink({.path = path_});
  daemon = nullptr;
  daemon = std::make_unique<DatagramReceiver>(path_);
  EXPECT_TRUE(sink->write({.message = "after"}));
  EXPECT_THAT(daemon->receive().text, EndsWith(" after"));
}

TEST_F(SyslogSinkTest, GivesUpOnADaemonThatReadsNothing) {
  const DatagramReceiver daemon(path_);
  const auto sink = syslog_sink({.path = path_});
  const auto start = std::chrono::steady_clock::now();
  int written = 0;
  for (int i = 0; i < 2'000; ++i) written += sink->write({.message = "line"}) ? 1 : 0;
  EXPECT_LT(written, 2'000);
  // One wait each would be more than a hundred seconds.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(50));
  for (int i = 0; i < written; ++i) daemon.receive();
  EXPECT_TRUE(sink->write({.message = "line"}));
}

TEST_F(SyslogSinkTest, SaysWhatIsWrongWithItsOptions) {
  EXPECT_THAT(error_of({.path = path_}),
              testing::Eq("cannot reach '" + path_ + "': No such file or directory"));
  EXPECT_THAT(error_of({.path = ""}), HasSubstr("option 'path'"));
  EXPECT_THAT(error_of({.path = std::string(108, 'x')}), HasSubstr("1 to 107 bytes"));
  EXPECT_THAT(error_of({.host = "no host at all"}), HasSubstr("'host': 'no host at all'"));
  const DatagramReceiver daemon(path_);
  EXPECT_THAT(error_of({.path = path_, .app_name = "a b"}), HasSubstr("'app_name': 'a b'"));
  EXPECT_THAT(error_of({.path = path_, .app_name = std::string(49, 'a')}), HasSubstr("at most 48"));
  EXPECT_THAT(error_of({.path = path_, .hostname = "a\nb"}), HasSubstr("'hostname'"));
  EXPECT_THAT(error_of({.path = path_, .fields_element = "a]"}), HasSubstr("'fields_element'"));
  EXPECT_THAT(error_of({.path = path_, .fields_element = "opentelemetry"}),
              HasSubstr("another name"));
  EXPECT_THAT(error_of({.path = path_, .max_bytes = 479}), HasSubstr("'max_bytes': '479'"));
  EXPECT_THAT(error_of({.path = path_, .facility = static_cast<SyslogFacility>(24)}),
              HasSubstr("'facility': '24'"));
}

}  // namespace
}  // namespace waybill
