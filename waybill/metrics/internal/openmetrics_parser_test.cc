#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <utility>

#include <gtest/gtest.h>

#include <waybill/metrics/internal/openmetrics_parser.h>

namespace waybill::internal {
namespace {

[[noreturn]] void fail(const std::string& why) {
  throw std::runtime_error(why);
}

// Takes pieces off the front of one line.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  bool at_end() const { return rest_.empty(); }
  bool starts(std::string_view text) const { return rest_.starts_with(text); }
  void expect(std::string_view text) {
    if (!starts(text)) fail("no '" + std::string(text) + "' before: " + std::string(rest_));
    rest_.remove_prefix(text.size());
  }
  std::string name(bool colons) {
    std::size_t size = 0;
    while (size < rest_.size() && (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 ||
                                   rest_[size] == '_' || (colons && rest_[size] == ':'))) {
      ++size;
    }
    if (size == 0 || std::isdigit(static_cast<unsigned char>(rest_[0])) != 0) fail("no name");
    return take(size);
  }
  std::string until(char end) { return take(std::min(rest_.find(end), rest_.size())); }
  std::string all() { return take(rest_.size()); }

  std::map<std::string, std::string> labels() {
    std::map<std::string, std::string> result;
    expect("{");
    while (!starts("}")) {
      if (!result.empty()) expect(",");
      const std::string key = name(false);
      expect("=\"");
      std::string value;
      while (!starts("\"")) {
        if (at_end()) fail("an open quote");
        if (starts("\\")) {
          rest_.remove_prefix(1);
          if (!starts("\\") && !starts("\"") && !starts("n")) fail("an unknown escape");
          const char c = take(1)[0];
          value += c == 'n' ? '\n' : c;
        } else {
          value += take(1);
        }
      }
      expect("\"");
      if (!result.emplace(key, value).second) fail("label '" + key + "' twice");
    }
    expect("}");
    return result;
  }

 private:
  std::string take(std::size_t size) {
    const std::string taken(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return taken;
  }
  std::string_view rest_;
};

double number(const std::string& text) {
  static const std::regex kNumber(R"([+-]?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?|Inf)|NaN)");
  if (!std::regex_match(text, kNumber)) fail("no number: '" + text + "'");
  return std::strtod(text.c_str(), nullptr);
}

const std::map<std::string, std::set<std::string>> kSuffixes = {
    {"counter", {"_total", "_created"}},
    {"gauge", {""}},
    {"histogram", {"_bucket", "_count", "_sum", "_created"}},
    {"info", {"_info"}},
};

class Parser {
 public:
  OpenMetrics parse(std::string_view text) {
    int line_number = 0;
    try {
      bool ended = false;
      while (!text.empty()) {
        ++line_number;
        const std::size_t end = text.find('\n');
        if (end == std::string_view::npos) fail("no newline at the end");
        if (ended) fail("something behind # EOF");
        ended = text.substr(0, end) == "# EOF";
        if (!ended) parse_line(text.substr(0, end));
        text.remove_prefix(end + 1);
      }
      finish_family();
      if (!ended) fail("no # EOF");
    } catch (const std::runtime_error& error) {
      result_.error = "line " + std::to_string(line_number) + ": " + error.what();
    }
    return std::move(result_);
  }

 private:
  void parse_line(std::string_view text) {
    Line line(text);
    if (line.starts("# ")) {
      parse_metadata(line);
    } else {
      parse_sample(line);
    }
  }

  void parse_metadata(Line& line) {
    line.expect("# ");
    const std::string what = line.until(' ');
    line.expect(" ");
    const std::string name = line.name(true);
    line.expect(" ");
    if (name != current_) begin_family(name);
    OpenMetricsFamily& family = result_.families.at(current_);
    if (!family.samples.empty()) fail("metadata behind samples");
    std::string* to = what == "TYPE"   ? &family.type
                      : what == "HELP" ? &family.help
                      : what == "UNIT" ? &family.unit
                                       : nullptr;
    if (to == nullptr) fail("unknown metadata " + what);
    if (!to->empty()) fail("metadata twice");
    *to = line.all();
  }

  void begin_family(const std::string& name) {
    finish_family();
    if (!result_.families.emplace(name, OpenMetricsFamily{}).second) fail("family twice: " + name);
    current_ = name;
    seen_.clear();
    finished_points_.clear();
    point_.clear();
  }

  void parse_sample(Line& line) {
    OpenMetricsSample sample;
    sample.name = line.name(true);
    if (line.starts("{")) sample.labels = line.labels();
    line.expect(" ");
    sample.value = line.until(' ');
    number(sample.value);
    if (!line.at_end()) parse_exemplar(line, sample);
    if (current_.empty() || !sample.name.starts_with(current_)) fail("a sample of no family");
    OpenMetricsFamily& family = result_.families.at(current_);
    const std::string suffix = sample.name.substr(current_.size());
    if (!kSuffixes.contains(family.type)) fail("unknown type '" + family.type + "'");
    if (!kSuffixes.at(family.type).contains(suffix)) fail("a suffix of another type: " + suffix);
    if (!sample_names_.emplace(sample.name, current_).second &&
        sample_names_.at(sample.name) != current_) {
      fail("a name of two families");
    }
    if (sample.has_exemplar && suffix != "_bucket" && suffix != "_total") fail("an exemplar here");
    if (!seen_.emplace(sample.name, sample.labels).second) fail("a sample twice");
    check_grouping(sample);
    family.samples.push_back(std::move(sample));
  }

  // The samples of one label set stand together.
  void check_grouping(const OpenMetricsSample& sample) {
    auto labels = sample.labels;
    labels.erase("le");
    if (point_ != labels || finished_points_.empty()) {
      if (!finished_points_.insert(labels).second) fail("a point in two places");
      point_ = labels;
    }
  }

  static void parse_exemplar(Line& line, OpenMetricsSample& sample) {
    line.expect(" # ");
    sample.has_exemplar = true;
    sample.exemplar_labels = line.labels();
    std::size_t size = 0;
    for (const auto& [key, value] : sample.exemplar_labels) size += key.size() + value.size();
    if (size > 128) fail("an exemplar of more than 128 characters");
    line.expect(" ");
    sample.exemplar_value = number(line.until(' '));
    line.expect(" ");
    sample.exemplar_time = number(line.all());
  }

  void finish_family() {
    if (current_.empty()) return;
    const OpenMetricsFamily& family = result_.families.at(current_);
    if (!family.unit.empty() && !current_.ends_with("_" + family.unit))
      fail("a unit not in the name");
    if (family.type == "histogram") check_histogram(family);
    if (family.type != "counter") return;
    for (const auto& sample : family.samples) {
      if (!(number(sample.value) >= 0)) fail("a counter below zero");
    }
  }

  static void check_histogram(const OpenMetricsFamily& family) {
    double bound = -HUGE_VAL;
    double count = 0;
    bool whole = true;
    for (const OpenMetricsSample& sample : family.samples) {
      if (sample.name.ends_with("_bucket")) {
        if (whole) {
          bound = -HUGE_VAL;
          count = 0;
        }
        const double upper = number(sample.labels.at("le"));
        if (!(upper > bound)) fail("bounds do not ascend");
        if (number(sample.value) < count) fail("counts fall");
        if (sample.has_exemplar &&
            !(sample.exemplar_value <= upper && sample.exemplar_value > bound)) {
          fail("an exemplar of another bucket");
        }
        bound = upper;
        count = number(sample.value);
        whole = std::isinf(bound);
      } else {
        if (!whole) fail("no +Inf bucket");
        if (sample.name.ends_with("_count") && number(sample.value) != count) {
          fail("a count that is not the last bucket's");
        }
      }
    }
  }

  OpenMetrics result_;
  std::string current_;
  std::set<std::pair<std::string, std::map<std::string, std::string>>> seen_;
  std::set<std::map<std::string, std::string>> finished_points_;
  std::map<std::string, std::string> point_;
  std::map<std::string, std::string> sample_names_;
};

TEST(OpenMetricsParser, RefusesWhatIsWrong) {
  EXPECT_EQ(parse_openmetrics("# TYPE a counter\na_total 1\n# EOF\n").error, "");
  for (const char* text : {
           "# TYPE a counter\na_total 1\n",
           "# TYPE a counter\na 1\n# EOF\n",
           "# TYPE a counter\na_total -1\n# EOF\n",
           "# TYPE a counter\na_total 1\na_total 1\n# EOF\n",
           "# TYPE a gauge\na 1 # {} 1 1\n# EOF\n",
           "# TYPE a gauge\n# UNIT a s\na 1\n# EOF\n",
           "# TYPE a gauge\na{b=\"\\x\"} 1\n# EOF\n",
           "# TYPE a gauge\na one\n# EOF\n",
           "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{c=\"1\"} 1\n# EOF\n",
           "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
           "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_count 2\n# EOF\n",
           "# TYPE a histogram\na_bucket{le=\"+Inf\"} 2\na_count 3\n# EOF\n",
           "# TYPE a histogram\na_bucket{le=\"1.0\"} 2 # {} 3 1\na_bucket{le=\"+Inf\"} 2\n# EOF\n",
       }) {
    EXPECT_NE(parse_openmetrics(text).error, "") << text;
  }
}

}  // namespace

OpenMetrics parse_openmetrics(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace waybill::internal
