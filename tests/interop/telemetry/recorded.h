// What the peer records for the tests: each function calls the API as a program would, and returns
// what a collector should have of it, by a description of its own: OTLP's JSON, but attributes are
// an object by key, and "*" stands for a time that the peer does not know.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include <waybill/core/context.h>

namespace waybill::telemetry_peer {

inline constexpr const char* kLibrary = "interop";
inline constexpr const char* kVersion = "1.2.3";

// Lists of spans, log records and metrics. A span and a log record have "scope", too.
nlohmann::json record_spans();
nlohmann::json record_logs();
nlohmann::json record_metrics();

// AnyValue.
inline nlohmann::json text(std::string_view value) {
  return {{"stringValue", value}};
}
inline nlohmann::json integer(std::int64_t value) {
  return {{"intValue", std::to_string(value)}};
}
inline nlohmann::json number(double value) {
  return {{"doubleValue", value}};
}
inline nlohmann::json truth(bool value) {
  return {{"boolValue", value}};
}
inline nlohmann::json list(std::initializer_list<nlohmann::json> values) {
  return {{"arrayValue", {{"values", nlohmann::json::array_t(values)}}}};
}

inline std::string nanoseconds(std::chrono::system_clock::time_point time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

// A sampled trace of another service, whose span is the caller's.
inline Context remote_trace() {
  return Context::new_trace({.trace_id = TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
                             .span_id = SpanId::from_hex("00f067aa0ba902b7"),
                             .flags = TraceFlags(1),
                             .is_remote = true,
                             .tracestate = "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"});
}

}  // namespace waybill::telemetry_peer
