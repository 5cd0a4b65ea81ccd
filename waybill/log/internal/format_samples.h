// Records and readers for the tests of formats.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <waybill/log/format.h>
#include <waybill/log/internal/record_context.h>
#include <waybill/log/internal/unique_json.h>

namespace waybill::test {

// 2026-11-20T23:58:01.000042Z
inline constexpr std::chrono::system_clock::time_point kTime{std::chrono::seconds(1795219081) +
                                                             std::chrono::microseconds(42)};

// `record` with what it has of `context`.
inline LogRecord under(const Context& context, LogRecord record) {
  internal::set_context(record, context);
  return record;
}

inline const Context& traced() {
  static const Context context =
      Context::new_trace({.trace_id = TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
                          .span_id = SpanId::from_hex("00f067aa0ba902b7"),
                          .parent_span_id = *SpanId::from_hex("b7ad6b7169203331")});
  return context;
}

using Format = std::shared_ptr<const LogFormat>;

// The line, without its end.
inline std::string line_of(const Format& format, const LogRecord& record) {
  std::string line = "before\n";
  format->format(record, line);
  EXPECT_EQ(line.substr(0, 7), "before\n") << "a format appends";
  line.erase(0, 7);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "a record is one line: " << line;
  if (!line.empty()) line.pop_back();
  return line;
}

inline nlohmann::json json_of(const Format& format, const LogRecord& record) {
  return parse_unique(line_of(format, record));
}

// The formats whose lines are JSON, by name. `rename` goes to each.
inline std::vector<std::pair<std::string, Format>> json_formats(const KeyNames& rename = {}) {
  return {{"json", json_format({.source_location = true, .rename = rename})},
          {"google", google_cloud_format({.source_location = true, .rename = rename})},
          {"ecs", ecs_format({.source_location = true, .rename = rename})},
          {"ecs without labels", ecs_format({.labels = false, .rename = rename})},
          {"datadog", datadog_format({.source_location = true, .rename = rename})},
          {"otel", otel_json_format({.source_location = true, .rename = rename})}};
}

// Those of one line of OTLP/JSON: attributes by key, each as its {"…Value": …}.
inline nlohmann::json attributes_of(const nlohmann::json& list) {
  nlohmann::json attributes = nlohmann::json::object();
  for (const nlohmann::json& attribute : list) {
    const auto key = attribute.at("key").get<std::string>();
    EXPECT_FALSE(attributes.contains(key)) << "twice: " << key;
    attributes[key] = attribute.at("value");
  }
  return attributes;
}

// The one log record of a line of OTLP/JSON.
inline nlohmann::json otel_record_of(const nlohmann::json& line) {
  return line.at("resourceLogs").at(0).at("scopeLogs").at(0).at("logRecords").at(0);
}

}  // namespace waybill::test
