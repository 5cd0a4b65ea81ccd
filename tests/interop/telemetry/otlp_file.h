// What the Collector's file exporter has written, record by record, in the form of recorded.h.
#pragma once

#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

namespace waybill::telemetry_test {

// Requests, in the order in which they came. A last line without its end, which the Collector has
// not said to have, is left out.
std::vector<nlohmann::json> read_requests(const std::filesystem::path& file);

// Spans, log records and metrics of all requests: each by itself, with "scope" and
// "resource". Attributes are an object by key, and what is empty is left out.
struct Telemetry {
  nlohmann::json spans = nlohmann::json::array();
  nlohmann::json logs = nlohmann::json::array();
  nlohmann::json metrics = nlohmann::json::array();
};
Telemetry read_telemetry(const std::filesystem::path& file);

// `found`, but with "*" wherever `expected` has it and `found` has a value that is not zero.
nlohmann::json masked(nlohmann::json found, const nlohmann::json& expected);

}  // namespace waybill::telemetry_test
