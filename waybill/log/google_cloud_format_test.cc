#include <cmath>
#include <cstdlib>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/core/error.h>
#include <waybill/log/google_cloud_format.h>
#include <waybill/log/internal/format_samples.h>

namespace waybill {
namespace {

using nlohmann::json;
using test::json_of;
using test::kTime;
using test::line_of;
using test::traced;
using test::under;

constexpr const char* kTrace = "logging.googleapis.com/trace";
constexpr const char* kLabels = "logging.googleapis.com/labels";

json request_of(std::initializer_list<Field> fields) {
  const json line =
      json_of(google_cloud_format(), {.call_fields = Fields(fields.begin(), fields.size())});
  return line.value("httpRequest", json());
}

TEST(GoogleCloudFormat, WritesTheSpecialFieldsAndThePayload) {
  const Context context = traced().with({{"job_id", "J-7"}, {"zip", 98101}});
  const Resource resource{.service_name = "weather"};
  const LogRecord record = under(context, {.time = kTime,
                                           .level = Level::kWarn,
                                           .logger = "web",
                                           .message = "m",
                                           .resource = resource});
  EXPECT_EQ(line_of(google_cloud_format({.project = "p-1", .label_fields = {"job_id"}}), record),
            "{\"severity\":\"WARNING\",\"time\":\"2026-11-20T23:58:01.000042Z\",\"message\":\"m\","
            "\"logging.googleapis.com/trace\":"
            "\"projects/p-1/traces/4bf92f3577b34da6a3ce929d0e0e4736\","
            "\"logging.googleapis.com/spanId\":\"00f067aa0ba902b7\","
            "\"logging.googleapis.com/trace_sampled\":true,"
            "\"parent_span_id\":\"b7ad6b7169203331\","
            "\"logging.googleapis.com/labels\":"
            "{\"logger\":\"web\",\"service\":\"weather\",\"job_id\":\"J-7\"},\"zip\":98101}");
}

TEST(GoogleCloudFormat, KeepsTheParentSpanInThePayload) {
  const Context root = Context::new_trace();
  const Context hop = root.child();
  EXPECT_EQ(json_of(google_cloud_format(), under(hop, {})).at("parent_span_id"),
            root.span_id().to_hex());
  EXPECT_FALSE(json_of(google_cloud_format(), under(root, {})).contains("parent_span_id"));
  const auto without = google_cloud_format({.rename = {{"parent_span_id", ""}}});
  EXPECT_FALSE(json_of(without, under(hop, {})).contains("parent_span_id"));
}

TEST(GoogleCloudFormat, TakesTheProjectFromTheEnvironment) {
  const auto trace = [](const GoogleCloudFormatOptions& options) {
    return json_of(google_cloud_format(options), under(traced(), {})).at(kTrace);
  };
  const std::string id = traced().trace_id().to_hex();
  unsetenv("GOOGLE_CLOUD_PROJECT");
  EXPECT_EQ(trace({}), id) << "agents complete a bare id";
  setenv("GOOGLE_CLOUD_PROJECT", "of-environment", 1);
  EXPECT_EQ(trace({}), "projects/of-environment/traces/" + id);
  EXPECT_EQ(trace({.project = "example.com:mine"}), "projects/example.com:mine/traces/" + id);
  setenv("GOOGLE_CLOUD_PROJECT", "no/project\n", 1);
  EXPECT_EQ(trace({}), id);
  unsetenv("GOOGLE_CLOUD_PROJECT");
  EXPECT_THROW(google_cloud_format({.project = "a/b"}), Error);
}

TEST(GoogleCloudFormat, KeepsTheIdOfATraceThatHasAName) {
  const Context named = Context::new_trace({.name = "batch-7"});
  const json line = json_of(google_cloud_format(), under(named, {}));
  EXPECT_EQ(line.at(kTrace), named.trace_id().to_hex());
  EXPECT_EQ(line.at(kLabels).at("trace_name"), "batch-7");
}

TEST(GoogleCloudFormat, LabelsAreTextsUnderNamesOfTheirOwn) {
  const Field fields[] = {{"attempt", 3}, {"logger", "mine"}, {"job_id", "J-1"}};
  const auto format = google_cloud_format(
      {.label_fields = {"attempt", "logger", "job_id"}, .rename = {{"job_id", "job"}}});
  const json line = json_of(format, {.logger = "l", .call_fields = Fields(fields, 3)});
  EXPECT_EQ(line.at(kLabels),
            json({{"logger", "l"}, {"attempt", "3"}, {"field.logger", "mine"}, {"job", "J-1"}}));
  EXPECT_FALSE(line.contains("attempt"));
  EXPECT_FALSE(line.contains("job"));
  EXPECT_THROW(google_cloud_format({.label_fields = {"a", "a"}}), Error);
  EXPECT_THROW(google_cloud_format({.label_fields = {"a\n"}}), Error);
}

TEST(GoogleCloudFormat, WritesTheSourceLocationOnDemand) {
  const LogRecord record{.where = std::source_location::current()};
  EXPECT_EQ(json_of(google_cloud_format({.source_location = true}), record)
                .at("logging.googleapis.com/sourceLocation"),
            json({{"file", record.where.file_name()},
                  {"line", std::to_string(record.where.line())},
                  {"function", record.where.function_name()}}));
  EXPECT_FALSE(
      json_of(google_cloud_format(), record).contains("logging.googleapis.com/sourceLocation"));
}

TEST(GoogleCloudFormat, MakesAnHttpRequestOfSemanticConventions) {
  EXPECT_EQ(request_of({{"http.request.method", "GET"},
                        {"url.path", "/weather"},
                        {"url.query", "zip=98101"},
                        {"http.request.body.size", 0},
                        {"http.response.status_code", 200},
                        {"http.response.size", std::uint64_t{5'000'000'000}},
                        {"user_agent.original", "curl/8"},
                        {"network.peer.address", "10.0.0.7"},
                        {"network.local.address", "10.0.0.8"},
                        {"http.request.header.referer", "https://example.com"},
                        {"network.protocol.version", "1.1"},
                        {"http.server.request.duration", 0.1234}}),
            json({{"requestMethod", "GET"},
                  {"requestUrl", "/weather?zip=98101"},
                  {"requestSize", "0"},
                  {"status", 200},
                  {"responseSize", "5000000000"},
                  {"userAgent", "curl/8"},
                  {"remoteIp", "10.0.0.7"},
                  {"serverIp", "10.0.0.8"},
                  {"referer", "https://example.com"},
                  {"latency", "0.1234s"},
                  {"protocol", "HTTP/1.1"}}));
  EXPECT_EQ(
      request_of({{"http.response.status_code", 404},
                  {"url.full", "https://example.com/a"},
                  {"client.address", "192.0.2.1"}}),
      json({{"requestUrl", "https://example.com/a"}, {"status", 404}, {"remoteIp", "192.0.2.1"}}));
}

TEST(GoogleCloudFormat, LeavesFieldsThatMakeNoRequest) {
  EXPECT_TRUE(request_of({{"url.path", "/weather"}}).is_null());
  const Field fields[] = {{"http.request.method", "GET"},
                          {"http.response.status_code", "200 OK"},
                          {"url.full", "https://example.com/"},
                          {"url.path", "/"},
                          {"http.request.size", -1},
                          {"http.server.request.duration", "fast"}};
  const json line = json_of(google_cloud_format(), {.call_fields = Fields(fields, 6)});
  EXPECT_EQ(line.at("httpRequest"),
            json({{"requestMethod", "GET"}, {"requestUrl", "https://example.com/"}}));
  EXPECT_EQ(line.at("http.response.status_code"), "200 OK");
  EXPECT_EQ(line.at("url.path"), "/");
  EXPECT_EQ(line.at("http.request.size"), -1);
  EXPECT_EQ(line.at("http.server.request.duration"), "fast");
  const json off =
      json_of(google_cloud_format({.http_request = false}), {.call_fields = Fields(fields, 6)});
  EXPECT_FALSE(off.contains("httpRequest"));
  EXPECT_EQ(off.at("http.request.method"), "GET");
}

TEST(GoogleCloudFormat, SpellsLatencyAsADuration) {
  const auto latency = [](FieldValue seconds) {
    return request_of(
               {{"http.response.status_code", 200}, {"http.server.request.duration", seconds}})
        .value("latency", "none");
  };
  EXPECT_EQ(latency(0), "0s");
  EXPECT_EQ(latency(3), "3s");
  EXPECT_EQ(latency(1.42), "1.42s");
  EXPECT_EQ(latency(0.05), "0.05s");
  EXPECT_EQ(latency(1e-9), "0.000000001s");
  EXPECT_EQ(latency(1e-12), "0s");
  EXPECT_EQ(latency(59.999999999), "59.999999999s");
  for (const double bad : {-1.0, std::nan(""), std::numeric_limits<double>::infinity(), 1e300}) {
    EXPECT_EQ(latency(bad), "none") << bad;
  }
}

TEST(GoogleCloudFormat, WritesAnOperationAndAnInsertIdWhereFieldsGiveThem) {
  const auto format =
      google_cloud_format({.operation_field = "run_id", .insert_id_field = "delivery_id"});
  const Field fields[] = {{"run_id", 7}, {"operation.first", true}, {"delivery_id", "d-1"}};
  const json line = json_of(format, {.logger = "jobs", .call_fields = Fields(fields, 3)});
  EXPECT_EQ(line.at("logging.googleapis.com/operation"),
            json({{"id", "7"}, {"producer", "jobs"}, {"first", true}}));
  EXPECT_EQ(line.at("logging.googleapis.com/insertId"), "d-1");
  EXPECT_FALSE(line.contains("delivery_id"));
  const json without = json_of(format, {});
  EXPECT_FALSE(without.contains("logging.googleapis.com/operation"));
  EXPECT_FALSE(without.contains("logging.googleapis.com/insertId"));
}

TEST(GoogleCloudFormat, ReportsErrorsOnDemand) {
  const Field field{"exception.stacktrace", "std::runtime_error: no\n  at main"};
  const Resource resource{.service_name = "weather", .attributes = {{"service.version", "1.4"}}};
  LogRecord record{.level = Level::kError, .call_fields = Fields(&field, 1), .resource = resource};
  const auto format = google_cloud_format({.error_reporting = true});
  const json line = json_of(format, record);
  EXPECT_EQ(line.at("@type"),
            "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent");
  EXPECT_EQ(line.at("serviceContext"), json({{"service", "weather"}, {"version", "1.4"}}));
  EXPECT_EQ(line.at("stack_trace"), field.value.as_string());
  record.level = Level::kWarn;
  EXPECT_FALSE(json_of(format, record).contains("@type"));
}

TEST(GoogleCloudFormat, NoFieldReachesTheLogEntryUnasked) {
  const Field fields[] = {{"logging.googleapis.com/insertId", "x"},
                          {"timestamp", 1},
                          {"httpRequest", "x"},
                          {"severity", "EMERGENCY"}};
  const json line = json_of(google_cloud_format(), {.call_fields = Fields(fields, 4)});
  EXPECT_EQ(line.at("severity"), "INFO");
  for (const Field& field : fields) {
    EXPECT_TRUE(line.contains("field." + std::string(field.key))) << field.key;
  }
  EXPECT_FALSE(line.contains("timestamp"));
}

}  // namespace
}  // namespace waybill
