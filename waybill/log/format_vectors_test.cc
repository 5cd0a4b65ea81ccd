// Facts about the fields of log records in several systems, gathered from standards, agents and
// exporters; each vector names its source.

#include <functional>
#include <map>
#include <regex>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/log/format.h>
#include <waybill/log/internal/format_samples.h>
#include <waybill/log/severity.h>

#include "tests/support/vectors.h"

namespace waybill {
namespace {

using nlohmann::json;
using test::difference_in;
using test::json_of;
using test::text_of;
using test::under;

// "" where what the vector expects holds, else in what it does not.
using Check = std::function<std::string(const json& in, const json& expect)>;

std::string google_severity_differs(int number, const json& expect) {
  const GoogleSeverity severity = google_severity(number);
  return difference_in(expect, "gcp", severity.name) +
         difference_in(expect, "gcp_number", severity.number);
}

std::string number_differs(const json& expect, const std::string& text, SeverityDialect dialect) {
  return difference_in(expect, "severity_number",
                       severity_number_from_text(text, dialect).value_or(-1));
}

SeverityDialect dialect_of(const std::string& name) {
  static const std::map<std::string, SeverityDialect> dialects = {
      {"syslog", SeverityDialect::kSyslog},
      {"log4j", SeverityDialect::kLog4j},
      {"zap", SeverityDialect::kZap},
      {"java.util.logging", SeverityDialect::kJavaUtilLogging},
      {"dotnet", SeverityDialect::kDotnet},
      {"winevtlog", SeverityDialect::kWindowsEventLog},
      {"etw", SeverityDialect::kEtw}};
  return dialects.at(name);
}

Context context_of(const json& in) {
  return Context::new_trace({.trace_id = TraceId::from_hex(text_of(in, "trace_id")),
                             .span_id = SpanId::from_hex(text_of(in, "span_id")),
                             .flags = TraceFlags(static_cast<std::uint8_t>(in.value("flags", 0)))});
}

// In the members that the vector names.
std::string line_differs(const LogFormat& format, const LogRecord& record, const json& expect) {
  std::string text;
  format.format(record, text);
  const json line = json::parse(text);
  std::string difference;
  for (const auto& [key, value] : expect.items()) {
    difference += difference_in(expect, key.c_str(), line.value(key, json()));
  }
  return difference;
}

// What Google's agent makes of a trace, a latency and a sampling mark: the vectors say so, and with
// these the tests below see what it makes of ours.
std::string trace_for_agent(const std::string& project, const std::string& trace) {
  static const std::regex bare("[0-9a-f]{32}");
  return std::regex_match(trace, bare) ? "projects/" + project + "/traces/" + trace : trace;
}

json latency_for_agent(const std::string& latency) {
  static const std::regex form(R"(\s*(\d+)(?:\.(\d+))?\s*s\s*)");
  std::smatch parts;
  if (!std::regex_match(latency, parts, form)) return {{"dropped", true}};
  const std::string fraction = (parts[2].str() + "000000000").substr(0, 9);
  return {{"seconds", std::stoll(parts[1])}, {"nanos", std::stoll(fraction)}};
}

bool sampled_for_agent(const json& value) {
  return value == true || value == "true" || value == 1;
}

const std::map<std::string, Check>& checks() {
  static const std::map<std::string, Check> all = {
      {"otel_severity_to_gcp",
       [](const json& in, const json& expect) {
         return google_severity_differs(in.at("severity_number").get<int>(), expect);
       }},
      {"gcp_text_to_otel",
       [](const json& in, const json& expect) {
         return number_differs(expect, text_of(in, "severity_text"), SeverityDialect::kGoogleCloud);
       }},
      {"otel_severity_short_name",
       [](const json& in, const json& expect) {
         const int number = in.at("severity_number").get<int>();
         return difference_in(expect, "short_name", severity_short_name(number));
       }},
      {"severity_text_to_otel",
       [](const json& in, const json& expect) {
         return number_differs(expect, text_of(in, "text"), dialect_of(text_of(in, "format")));
       }},
      {"gcp_agent_severity",
       [](const json& in, const json& expect) {
         const auto number =
             severity_number_from_text(text_of(in, "severity"), SeverityDialect::kGoogleCloud);
         return google_severity_differs(number.value_or(0), expect);
       }},
      {"gcp_trace_field",
       [](const json& in, const json& expect) {
         const std::string trace = trace_for_agent(text_of(in, "project"), text_of(in, "trace"));
         return difference_in(expect, "logging.googleapis.com/trace", trace);
       }},
      {"gcp_span_field",
       [](const json& in, const json& expect) {
         const auto number = in.at("span_id_int").get<std::uint8_t>();
         const LogRecord record =
             under(Context::new_trace({.span_id = SpanId({0, 0, 0, 0, 0, 0, 0, number})}), {});
         return line_differs(*google_cloud_format(), record, expect);
       }},
      {"gcp_trace_sampled",
       [](const json& in, const json& expect) {
         return difference_in(expect, "traceSampled", sampled_for_agent(in.at("value")));
       }},
      {"gcp_http_latency",
       [](const json& in, const json& expect) {
         const json latency = latency_for_agent(text_of(in, "latency"));
         return latency == expect ? "" : "got " + latency.dump();
       }},
      {"datadog_ids",
       [](const json& in, const json& expect) {
         return line_differs(*datadog_format(), under(context_of(in), {}), expect);
       }},
      {"ecs_fields",
       [](const json& in, const json& expect) {
         return line_differs(*ecs_format(), under(context_of(in), {}), expect);
       }},
      {"otel_legacy_json", [](const json& in, const json& expect) {
         return line_differs(*json_format({.trace_flags = true}), under(context_of(in), {}),
                             expect);
       }}};
  return all;
}

// Kinds that say nothing about a format.
const std::map<std::string, std::string> kElsewhere = {
    {"otel_legacy_syslog", "structured data is the syslog sink's, and these ids are too short"}};

TEST(LogFieldVectors, Hold) {
  const json table = test::load_json("log_fields.json");
  std::map<std::string, int> used;
  for (const json& vector : table.at("vectors")) {
    const std::string kind = text_of(vector, "kind");
    ++used[kind];
    if (kElsewhere.contains(kind)) continue;
    ASSERT_TRUE(checks().contains(kind)) << vector;
    EXPECT_EQ(checks().at(kind)(vector.at("in"), vector.at("expect")), "") << vector;
  }
  EXPECT_EQ(used.size(), checks().size() + kElsewhere.size());
  EXPECT_GT(table.at("vectors").size(), 150u);
}

TEST(LogFieldVectors, GooglesAgentTakesWhatIsWritten) {
  const json special = test::load_json("log_fields.json").at("gcp_special_fields");
  const json& severities = special.at("severity").at("values");
  const Field fields[] = {
      {"http.response.status_code", 200},     {"http.request.size", 12}, {"url.path", "/"},
      {"http.server.request.duration", 1.42}, {"run_id", "r"},           {"delivery_id", "d"}};
  const auto format = google_cloud_format({.project = "my-proj",
                                           .source_location = true,
                                           .operation_field = "run_id",
                                           .insert_id_field = "delivery_id"});
  for (const Level level :
       {Level::kTrace, Level::kDebug, Level::kInfo, Level::kWarn, Level::kError, Level::kFatal}) {
    const LogRecord record = under(test::traced(), {.level = level,
                                                    .logger = "web",
                                                    .call_fields = Fields(fields, 6),
                                                    .where = std::source_location::current()});
    const json line = json_of(format, record);
    for (const auto& [key, meaning] : special.items()) {
      EXPECT_TRUE(line.contains(key)) << key << ": " << meaning;
    }
    EXPECT_EQ(severities.at(text_of(line, "severity")),
              google_severity(severity_number(level)).number);
    const std::string trace = text_of(line, "logging.googleapis.com/trace");
    EXPECT_EQ(trace_for_agent("other", trace), trace);
    EXPECT_TRUE(sampled_for_agent(line.at("logging.googleapis.com/trace_sampled")));
    EXPECT_EQ(latency_for_agent(line.at("httpRequest").at("latency").get<std::string>()),
              json({{"seconds", 1}, {"nanos", 420000000}}));
    EXPECT_TRUE(line.at("httpRequest").at("requestSize").is_string());
    EXPECT_TRUE(line.at("logging.googleapis.com/sourceLocation").at("line").is_string());
  }
}

}  // namespace
}  // namespace waybill
