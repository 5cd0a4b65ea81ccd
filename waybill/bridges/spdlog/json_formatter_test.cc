// Lines of JSON, read by a JSON parser.
#include <limits>
#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <spdlog/sinks/ostream_sink.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/bridges/spdlog/internal/test_sinks.h>
#include <waybill/core/core.h>

namespace waybill {
namespace {

using nlohmann::json;
using spdlog_bridge::json_formatter;
using spdlog_bridge::JsonOptions;

json line(const std::string& message, JsonOptions options = {}) {
  std::ostringstream out;
  spdlog::logger logger("weather", std::make_shared<spdlog::sinks::ostream_sink_mt>(out));
  logger.set_formatter(json_formatter(std::move(options)));
  logger.warn(message);
  const std::string text = out.str();
  EXPECT_EQ(text.find('\n'), text.size() - 1) << "one record is one line";
  return json::parse(text);
}

TEST(SpdlogJson, HasTheMembersOfTheJsonFormat) {
  const Scope scope{
      Context::new_trace({.trace_id = TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
                          .span_id = SpanId::from_hex("00f067aa0ba902b7"),
                          .parent_span_id = *SpanId::from_hex("53995c3f42cd8ad8")})
          .with({{"job_id", "J-7"}, {"zip", 98101}, {"ratio", 0.5}, {"cached", true}})};
  json found = line("Fetched", {.service = "shop"});
  EXPECT_THAT(found["time"].get<std::string>(),
              ::testing::MatchesRegex("[0-9-]{10}T[0-9:]{8}\\.[0-9]{6}Z"));
  found.erase("time");
  EXPECT_EQ(found, json({{"severity", "WARN"},
                         {"message", "Fetched"},
                         {"logger", "weather"},
                         {"service", "shop"},
                         {"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"},
                         {"span_id", "00f067aa0ba902b7"},
                         {"parent_span_id", "53995c3f42cd8ad8"},
                         {"job_id", "J-7"},
                         {"zip", 98101},
                         {"ratio", 0.5},
                         {"cached", true}}));
}

TEST(SpdlogJson, SpellsTheTraceAsPeopleKnowIt) {
  const Context unnamed =
      Context::new_trace({.trace_id = TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736")});
  {
    const Scope scope{unnamed};
    EXPECT_EQ(line("x", {.trace_id = TraceIdSpelling::kUuid})["trace_id"],
              "4bf92f35-77b3-4da6-a3ce-929d0e0e4736");
  }
  const Scope scope{Context::new_trace({.name = "batch-7"})};
  EXPECT_EQ(line("x")["trace_id"], "batch-7");
}

TEST(SpdlogJson, WithoutATraceItHasNoIds) {
  const json found = line("x");
  EXPECT_FALSE(found.contains("trace_id"));
  EXPECT_FALSE(found.contains("span_id"));
  EXPECT_FALSE(found.contains("service"));
}

TEST(SpdlogJson, NothingThatIsLoggedBreaksALine) {
  const Scope scope{Context().with({{"message", "forged"},
                                    {"\"key\n", "\x1b[31m\"\xff"},
                                    {"nan", std::numeric_limits<double>::quiet_NaN()}})};
  const json found = line("a\"}\n{\"message\":\"forged\"}\x01");
  EXPECT_EQ(found["message"], "a\"}\n{\"message\":\"forged\"}\x01");
  EXPECT_EQ(found["\"key\n"], "\x1b[31m\"\xef\xbf\xbd");
  EXPECT_EQ(found["field.message"], "forged");
  EXPECT_TRUE(found["nan"].is_string());
}

TEST(SpdlogJson, AsynchronousRecordsHaveTheFieldsOfTheirCall) {
  spdlog::init_thread_pool(64, 1);
  const auto sink = std::make_shared<test::LinesSink>();
  {
    const auto logger = spdlog_bridge::traced(
        std::make_shared<spdlog::async_logger>("async", sink, spdlog::thread_pool()));
    logger->set_formatter(json_formatter());
    const Scope scope{Context::new_trace({.name = "batch-7"}).with({{"job_id", "J-7"}})};
    logger->info("hello");
  }
  spdlog::shutdown();
  ASSERT_EQ(sink->lines().size(), 1U);
  const json found = json::parse(sink->lines()[0]);
  EXPECT_EQ(found["trace_id"], "batch-7");
  EXPECT_EQ(found["job_id"], "J-7");
  EXPECT_EQ(found["logger"], "async");
}

}  // namespace
}  // namespace waybill
