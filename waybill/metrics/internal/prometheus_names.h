// Names, units, labels and numbers as Prometheus writes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/metrics/metric_data.h>

namespace waybill::internal {

// [a-zA-Z_:][a-zA-Z0-9_:]*, no two underscores in a row.
std::string metric_name(std::string_view name);
// The same without colons.
std::string label_name(std::string_view key);

// "ms" is milliseconds, "By/s" bytes_per_second, "{request}" nothing; "1" is the ratio of a gauge.
std::string unit_name(std::string_view unit, MetricKind kind);

// The name of a metric family, with its unit, without suffixes of its samples.
struct FamilyName {
  std::string name;
  std::string unit;  // that the name ends with; or empty
};
FamilyName family_name(const MetricData& metric);

// {a="1",b="x"}, or nothing; values escaped. Those that have become the same key are joined with
// semicolons; empty values are left out, as there they mean the same.
class Labels {
 public:
  // `reserved`: a name that the format uses itself: "le".
  explicit Labels(std::string_view reserved = {}) : reserved_(reserved) {}
  void add(std::string_view key, std::string_view value);
  void add(const OwnedAttribute& attribute);
  // Without the braces.
  std::string text() const;

 private:
  std::string_view reserved_;
  std::vector<std::pair<std::string, std::string>> labels_;
};

std::string escape_label(std::string_view value);
std::string escape_help(std::string_view text, bool open_metrics);

// Shortest and exact; "NaN", "+Inf", "-Inf".
std::string number_text(double value);
std::string number_text(const MetricNumber& value);
// As Go prints it, which is the canonical form of bounds: "0.5", "1.0", "1e+06".
std::string bound_text(double value);

}  // namespace waybill::internal
