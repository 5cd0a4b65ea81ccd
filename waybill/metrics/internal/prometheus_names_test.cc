#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <waybill/metrics/internal/accept_header.h>
#include <waybill/metrics/internal/prometheus_names.h>

namespace waybill::internal {
namespace {

TEST(PrometheusNames, AreThoseOfTheSpecification) {
  struct Case {
    const char* name;
    const char* unit;
    MetricKind kind;
    const char* family;
    const char* family_unit;
  };
  constexpr auto kCounter = MetricKind::kCounter;
  constexpr auto kGauge = MetricKind::kGauge;
  constexpr auto kHistogram = MetricKind::kHistogram;
  for (const Case& c : std::initializer_list<Case>{
           {"http.requests", "{request}", kCounter, "http_requests", ""},
           {"http.server.duration", "s", kHistogram, "http_server_duration_seconds", "seconds"},
           {"duration", "ms", kGauge, "duration_milliseconds", "milliseconds"},
           {"io", "By", kCounter, "io_bytes", "bytes"},
           {"io_bytes", "By", kCounter, "io_bytes", "bytes"},
           {"io.bytes.total", "By", kCounter, "io_bytes", "bytes"},
           {"bytes.sent", "By", kGauge, "bytes_sent", ""},
           {"kilobytes.sent", "By", kGauge, "kilobytes_sent_bytes", "bytes"},
           {"speed", "By/s", kGauge, "speed_bytes_per_second", "bytes_per_second"},
           {"rate", "{request}/s", kGauge, "rate_per_second", "per_second"},
           {"use", "1", kGauge, "use_ratio", "ratio"},
           {"use", "1", kCounter, "use", ""},
           {"use", "%", kGauge, "use_percent", "percent"},
           {"things", "furlong", kGauge, "things_furlong", "furlong"},
           {"a..b--c/d", "", kGauge, "a_b_c_d", ""},
           {"odd_", "", kCounter, "odd", ""},
           {"requests_total", "", kGauge, "requests_total", ""},
           {"total", "", kCounter, "total", ""},
       }) {
    MetricData metric;
    metric.name = c.name;
    metric.unit = c.unit;
    metric.kind = c.kind;
    const FamilyName family = family_name(metric);
    EXPECT_EQ(family.name, c.family) << c.name << ' ' << c.unit;
    EXPECT_EQ(family.unit, c.family_unit) << c.name << ' ' << c.unit;
  }
}

TEST(PrometheusNames, ReplaceWhatIsNotAllowed) {
  EXPECT_EQ(metric_name("a:b"), "a:b");
  EXPECT_EQ(label_name("a:b"), "a_b");
  EXPECT_EQ(label_name("1a"), "_1a");
  EXPECT_EQ(label_name("http.response.status_code"), "http_response_status_code");
  EXPECT_EQ(label_name("__name__"), "_name_");
  EXPECT_EQ(label_name("äöü"), "_");
}

TEST(PrometheusLabels, AreEscapedAndJoined) {
  Labels labels("le");
  labels.add("a.b", "1");
  labels.add("a_b", "2");
  labels.add("text", "\"\\\n");
  labels.add("le", "mine");
  labels.add("empty", "");
  labels.add({"list", std::vector<std::string>{"x", "y\""}});
  labels.add({"numbers", std::vector<std::int64_t>{1, 2}});
  labels.add({"flag", true});
  labels.add({"ratio", 0.5});
  EXPECT_EQ(labels.text(), R"(a_b="1;2",text="\"\\\n",exported_le="mine",list="[\"x\",\"y\\\"\"]",)"
                           R"(numbers="[1,2]",flag="true",ratio="0.5")");
}

TEST(PrometheusHelp, IsOneLine) {
  EXPECT_EQ(escape_help("a\n\"b\"\\", false), "a\\n\"b\"\\\\");
  EXPECT_EQ(escape_help("a\n\"b\"\\", true), "a\\n\\\"b\\\"\\\\");
}

TEST(PrometheusNumbers, AreExact) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(number_text(0.1), "0.1");
  EXPECT_EQ(number_text(kInfinity), "+Inf");
  EXPECT_EQ(number_text(-kInfinity), "-Inf");
  EXPECT_EQ(number_text(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(number_text(MetricNumber(std::numeric_limits<std::int64_t>::min())),
            "-9223372036854775808");
  struct Case {
    double value;
    const char* text;
  };
  for (const Case& c : std::initializer_list<Case>{{0, "0.0"},
                                                   {1, "1.0"},
                                                   {0.005, "0.005"},
                                                   {0.0001, "0.0001"},
                                                   {0.00001, "1e-05"},
                                                   {100000, "100000.0"},
                                                   {1000000, "1e+06"},
                                                   {12345678, "1.2345678e+07"},
                                                   {-2.5, "-2.5"},
                                                   {kInfinity, "+Inf"}}) {
    EXPECT_EQ(bound_text(c.value), c.text);
  }
}

TEST(AcceptHeader, DecidesTheFormat) {
  struct Case {
    const char* accept;
    bool open_metrics;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"", false},
           {"*/*", false},
           {"text/plain", false},
           {"text/html,application/xhtml+xml,*/*;q=0.8", false},
           {"application/openmetrics-text", true},
           {"Application/OpenMetrics-Text; Version=1.0.0", true},
           {"application/openmetrics-text;version=1.0.0,application/openmetrics-text;"
            "version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
            true},
           {"application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5", true},
           {"application/openmetrics-text;q=0.5,text/plain", false},
           {"application/openmetrics-text;q=0.5,text/plain;q=0.5", true},
           {"application/openmetrics-text;q=0,text/plain;q=0", false},
           {"application/openmetrics-text;q=0", false},
           {"application/openmetrics-text;q=0.000,*/*", false},
           {"application/openmetrics-text;version=2.0.0", false},
           {"application/openmetrics-text;version=\"1.0.0\"", true},
           {"application/openmetrics-text;q=high", false},
           {"application/openmetrics-text;q=", false},
           {"application/openmetrics-text;q=1.5.5,text/plain", true},
           {",;=,;q;=;,\"", false},
       }) {
    EXPECT_EQ(prefers_openmetrics(c.accept), c.open_metrics) << c.accept;
  }
}

}  // namespace
}  // namespace waybill::internal
