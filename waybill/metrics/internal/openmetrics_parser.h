// For tests: a strict reader of OpenMetrics 1.0's text format (specification, "Text format"), as
// far as this room writes it. What is not allowed is an error that names the line.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::internal {

struct OpenMetricsSample {
  std::string name;
  std::map<std::string, std::string> labels;
  std::string value;
  bool has_exemplar = false;
  std::map<std::string, std::string> exemplar_labels;
  double exemplar_value = 0;
  double exemplar_time = 0;
};

struct OpenMetricsFamily {
  std::string type;
  std::string unit;
  std::string help;
  std::vector<OpenMetricsSample> samples;
};

struct OpenMetrics {
  std::string error;  // empty: it is valid
  std::map<std::string, OpenMetricsFamily> families;
};

OpenMetrics parse_openmetrics(std::string_view text);

}  // namespace waybill::internal
