#include "tests/interop/telemetry/otlp_file.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>

namespace waybill::telemetry_test {
namespace {

using nlohmann::json;

bool is_attributes(const json& list) {
  return list.is_array() && !list.empty() &&
         std::all_of(list.begin(), list.end(),
                     [](const json& each) { return each.is_object() && each.contains("key"); });
}

// Two of the same key are no object: OTLP does not allow them.
json by_key(const json& attributes) {
  json object = json::object();
  for (const json& attribute : attributes) {
    const auto key = attribute.at("key").get<std::string>();
    if (object.contains(key)) return "the key twice: " + key;
    object[key] = attribute.at("value");
  }
  return object;
}

bool is_empty(const json& value) {
  return (value.is_string() && value.get_ref<const std::string&>().empty()) ||
         (value.is_structured() && value.empty());
}

// A value of AnyValue stays, be it empty.
json simplified(json value, bool is_any_value = false) {
  if (is_attributes(value)) {
    json object = by_key(value);
    if (!object.is_object()) return object;
    for (json& any_value : object) any_value = simplified(std::move(any_value), true);
    return object;
  }
  if (!value.is_structured()) return value;
  json out = value.is_array() ? json::array() : json::object();
  for (auto& [key, member] : value.items()) {
    const bool is_body = key == "body" || key == "values" || is_any_value;
    json simple = simplified(std::move(member), is_body);
    if (value.is_array()) {
      out.push_back(std::move(simple));
    } else if (is_any_value || !is_empty(simple)) {
      out[key] = std::move(simple);
    }
  }
  return out;
}

// The points of a metric are a set.
void sort_points(json& metric) {
  for (json& kind : metric) {
    if (!kind.is_object() || !kind.contains("dataPoints")) continue;
    json::array_t& points = kind["dataPoints"].get_ref<json::array_t&>();
    std::sort(points.begin(), points.end(), [](const json& a, const json& b) {
      return a.value("attributes", json()) < b.value("attributes", json());
    });
  }
}

void add_records(json& out, const json& request, const char* resources, const char* scopes,
                 const char* records) {
  for (const json& of_resource : request.value(resources, json::array())) {
    for (const json& of_scope : of_resource.at(scopes)) {
      for (const json& each : of_scope.at(records)) {
        json record = simplified(each);
        const json scope = simplified(of_scope.at("scope"));
        if (!scope.empty()) record["scope"] = scope;
        record["resource"] = simplified(of_resource.at("resource")).value("attributes", json());
        sort_points(record);
        out.push_back(std::move(record));
      }
    }
  }
}

}  // namespace

std::vector<json> read_requests(const std::filesystem::path& file) {
  std::vector<json> requests;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line) && !in.eof();) {
    requests.push_back(json::parse(line));
  }
  return requests;
}

Telemetry read_telemetry(const std::filesystem::path& file) {
  Telemetry all;
  for (const json& request : read_requests(file)) {
    add_records(all.spans, request, "resourceSpans", "scopeSpans", "spans");
    add_records(all.logs, request, "resourceLogs", "scopeLogs", "logRecords");
    add_records(all.metrics, request, "resourceMetrics", "scopeMetrics", "metrics");
  }
  return all;
}

json masked(json found, const json& expected) {
  if (expected == "*") {
    return found.is_null() || is_empty(found) || found == "0" ? found : expected;
  }
  if (found.type() != expected.type() || !found.is_structured()) return found;
  if (found.is_array()) {
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
      found[i] = masked(std::move(found[i]), expected[i]);
    }
  } else {
    for (auto& [key, member] : found.items()) {
      if (expected.contains(key)) member = masked(std::move(member), expected.at(key));
    }
  }
  return found;
}

}  // namespace waybill::telemetry_test
