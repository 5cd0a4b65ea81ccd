// Waybill's telemetry and those whom it is for: OpenTelemetry's Collector, and Prometheus.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/interop/telemetry/otlp_file.h"
#include "tests/interop/telemetry/peers.h"

namespace waybill::telemetry_test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Whether the records that were found are the expected ones. Which of them belong together, the
// value of `identity` says.
testing::AssertionResult same(const json& found, const json& expected, const json& resource,
                              const char* identity) {
  std::map<json, std::vector<json>> by_identity;
  for (const json& record : found) by_identity[record.value(identity, json())].push_back(record);
  std::string out;
  for (json record : expected) {
    record["resource"] = resource;
    const std::vector<json>& alike = by_identity[record.at(identity)];
    if (alike.size() != 1) {
      out += record.dump() + "\n  is there " + std::to_string(alike.size()) + " times\n";
    } else if (const json seen = masked(alike[0], record); seen != record) {
      out += json::diff(record, seen).dump(1) + "\n  is what is different in\n" + record.dump() +
             "\n  which is there as\n" + seen.dump() + "\n";
    }
  }
  if (found.size() != expected.size()) {
    out += std::to_string(found.size()) + " records in place of " +
           std::to_string(expected.size()) + "\n";
  }
  return out.empty() ? testing::AssertionSuccess() : testing::AssertionFailure() << "\n" << out;
}

class TelemetryCollectorTest : public testing::TestWithParam<const char*> {};

TEST_P(TelemetryCollectorTest, HasWhatWasRecorded) {
  const TemporaryFolder folder;
  const Collector collector(folder.path());
  Peer peer({"record", GetParam(), collector.url(GetParam())}, folder.path());
  const json said = peer.said();
  ASSERT_TRUE(said.is_object()) << said;
  EXPECT_EQ(peer.wait(), 0);
  EXPECT_TRUE(said.at("flushed")) << said.at("counts");
  EXPECT_EQ(said.at("counts").at("dropped"), 0);

  const Telemetry telemetry = read_telemetry(collector.requests());
  const json& resource = said.at("resource");
  EXPECT_TRUE(same(telemetry.spans, said.at("spans"), resource, "spanId"));
  EXPECT_TRUE(same(telemetry.logs, said.at("logs"), resource, "body"));
  // By flush(), and once more at the end of the process.
  const auto middle =
      telemetry.metrics.begin() + static_cast<std::ptrdiff_t>(telemetry.metrics.size() / 2);
  EXPECT_TRUE(same({telemetry.metrics.begin(), middle}, said.at("metrics"), resource, "name"));
  EXPECT_TRUE(same({middle, telemetry.metrics.end()}, said.at("metrics"), resource, "name"));
  for (const char* signal : {"traces", "logs", "metrics"}) {
    const json& counts = said.at("counts").at(signal);
    EXPECT_EQ(counts.at("failures"), 0) << signal;
    EXPECT_EQ(counts.at("rejected"), 0) << signal;
    EXPECT_EQ(counts.at("dropped"), 0) << signal;
  }
  EXPECT_EQ(said.at("counts").at("traces").at("exported"), said.at("spans").size());
}

// What the spans of a request have as their "number".
std::vector<int> numbers_in(const json& request) {
  std::vector<int> numbers;
  for (const json& of_resource : request.at("resourceSpans")) {
    for (const json& of_scope : of_resource.at("scopeSpans")) {
      for (const json& span : of_scope.at("spans")) {
        for (const json& attribute : span.at("attributes")) {
          if (attribute.at("key") != "number") continue;
          numbers.push_back(std::stoi(attribute.at("value").at("intValue").get<std::string>()));
        }
      }
    }
  }
  return numbers;
}

// How long the Collector is away: WAYBILL_OUTAGE_SECONDS.
std::chrono::seconds outage() {
  const char* seconds = std::getenv("WAYBILL_OUTAGE_SECONDS");
  return std::chrono::seconds(seconds == nullptr ? 30 : std::atoi(seconds));
}

// Spans that are made all the time, and a Collector that is not there all the time.
class TelemetryOutageTest : public testing::TestWithParam<const char*> {
 protected:
  Peer stream(int first) {
    return Peer(
        {"stream", GetParam(), collector_.url(GetParam()), spool_.string(), std::to_string(first)},
        folder_.path());
  }
  // What a stream says when it has been ended.
  static json end(Peer& peer) {
    peer.terminate();
    json said = peer.said();
    EXPECT_EQ(peer.wait(), 0) << said;
    return said;
  }

  // Some requests more than there are now.
  bool gets_more() const {
    constexpr std::uintmax_t kSomeRequests = 200'000;
    const auto size = [&] {
      std::error_code missing;
      const std::uintmax_t bytes = fs::file_size(collector_.requests(), missing);
      return missing ? 0 : bytes;
    };
    const std::uintmax_t enough = size() + kSomeRequests;
    return test::eventually([&] { return size() > enough; }, kSeconds);
  }
  std::size_t spooled() const {
    return std::count_if(fs::directory_iterator(spool_), fs::directory_iterator(),
                         [](const auto& file) { return file.path().extension() == ".otlp"; });
  }
  void kill_collector() {
    collector_.kill();
    files_.push_back(collector_.requests());
  }

  // Each of the spans is there, and twice at most the request that was on its way when the
  // Collector was killed.
  void expect_all(int count) {
    files_.push_back(collector_.requests());
    std::map<int, int> times;
    std::size_t largest = 0;
    for (const fs::path& file : files_) {
      for (const json& request : read_requests(file)) {
        const std::vector<int> numbers = numbers_in(request);
        largest = std::max(largest, numbers.size());
        for (const int number : numbers) ++times[number];
      }
    }
    ASSERT_FALSE(times.empty());
    EXPECT_EQ(times.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(times.begin()->first, 0);
    EXPECT_EQ(times.rbegin()->first, count - 1);
    std::size_t twice = 0;
    for (const auto& [number, occurrences] : times) {
      EXPECT_LE(occurrences, 2) << number;
      twice += occurrences > 1;
    }
    EXPECT_LE(twice, largest);
    std::cout << count << " spans, of which " << twice << " arrived twice\n";
  }

  const TemporaryFolder folder_;
  const fs::path spool_ = folder_.path() / "spool";
  Collector collector_{folder_.path()};
  std::vector<fs::path> files_;  // of Collectors that were killed
};

TEST_P(TelemetryOutageTest, LosesNothingWithASpool) {
  Peer peer = stream(0);
  ASSERT_TRUE(gets_more());
  kill_collector();
  std::this_thread::sleep_for(outage());
  EXPECT_GT(spooled(), 0u);
  collector_.restart();
  EXPECT_TRUE(test::eventually([&] { return spooled() == 0; }, kSeconds));
  EXPECT_TRUE(gets_more());
  const json said = end(peer);
  ASSERT_TRUE(said.is_object()) << said;
  EXPECT_TRUE(said.at("flushed"));
  EXPECT_EQ(said.at("counts").at("dropped"), 0);
  EXPECT_EQ(said.at("counts").at("traces").at("dropped"), 0);
  EXPECT_GT(said.at("counts").at("traces").at("spooled"), 0);
  expect_all(said.at("count"));
}

TEST_P(TelemetryOutageTest, WhatAProcessLeavesInTheSpoolIsSentByTheNext) {
  int count = 0;
  {
    Peer peer = stream(count);
    ASSERT_TRUE(gets_more());
    kill_collector();
    EXPECT_TRUE(test::eventually([&] { return spooled() > 0; }, kSeconds));
    const json said = end(peer);
    ASSERT_TRUE(said.is_object()) << said;
    EXPECT_EQ(said.at("counts").at("traces").at("dropped"), 0);
    count = said.at("count");
  }
  EXPECT_GT(spooled(), 0u);
  collector_.restart();
  Peer peer = stream(count);
  EXPECT_TRUE(test::eventually([&] { return spooled() == 0; }, kSeconds));
  const json said = end(peer);
  ASSERT_TRUE(said.is_object()) << said;
  expect_all(count + said.at("count").get<int>());
}

std::string name_of(const testing::TestParamInfo<const char*>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '/' || c == '+'; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Http, TelemetryCollectorTest,
                         testing::Values("http/protobuf", "http/protobuf+gzip", "http/json"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Http, TelemetryOutageTest, testing::Values("http/protobuf"), name_of);
#ifdef WAYBILL_HAS_OTLP_GRPC
INSTANTIATE_TEST_SUITE_P(Grpc, TelemetryCollectorTest, testing::Values("grpc", "grpc+gzip"),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Grpc, TelemetryOutageTest, testing::Values("grpc"), name_of);
#endif

TEST(TelemetryPrometheusTest, HasMetricsAndFindsTheTraceOfAnExemplar) {
  const TemporaryFolder folder;
  Peer peer({"measure"}, folder.path());
  const json said = peer.said();
  ASSERT_TRUE(said.is_object()) << said;
  const Prometheus prometheus(folder.path(), said.at("port").get<std::uint16_t>());
  const auto values_of = [&](const std::string& query) {
    std::map<std::string, std::string> values;  // by the label "le", or "http.route"
    const json data = prometheus.ask("query?query=" + query);
    for (const json& series : data.value("result", json::array())) {
      const json& labels = series.at("metric");
      values[labels.value("le", labels.value("http_route", ""))] = series.at("value").at(1);
    }
    return values;
  };
  using Values = std::map<std::string, std::string>;
  EXPECT_TRUE(test::eventually([&] { return !values_of("requests_total").empty(); }, kSeconds));
  EXPECT_EQ(values_of("requests_total"), (Values{{"/", "4"}, {"/wetter/{ort}", "5"}}));
  EXPECT_EQ(values_of("latency_seconds_bucket"),
            (Values{{"0.5", "1"}, {"1.0", "2"}, {"2.5", "2"}, {"+Inf", "3"}}));
  EXPECT_EQ(values_of("latency_seconds_sum"), (Values{{"", "11.25"}}));
  EXPECT_EQ(values_of("latency_seconds_count"), (Values{{"", "3"}}));
  EXPECT_EQ(values_of("temperature_celsius"), (Values{{"", "-3.5"}}));
  EXPECT_EQ(values_of("open"), (Values{{"", "-7"}}));
  EXPECT_EQ(prometheus.ask("metadata").value("latency_seconds", json()),
            json::array({{{"type", "histogram"}, {"help", "How long."}, {"unit", "seconds"}}}));

  const json exemplar_labels = {{"trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"},
                                {"span_id", "00f067aa0ba902b7"}};
  for (const auto& [series, value] :
       Values{{"requests_total", "3"}, {"latency_seconds_bucket", "10"}}) {
    const json found = prometheus.ask("query_exemplars?start=0&end=9999999999&query=" + series);
    ASSERT_EQ(found.size(), 1u) << series << found;
    const json& exemplars = found[0].at("exemplars");
    ASSERT_EQ(exemplars.size(), 1u) << series << found;
    EXPECT_EQ(exemplars[0].at("labels"), exemplar_labels);
    EXPECT_EQ(exemplars[0].at("value"), value);
  }
}

}  // namespace
}  // namespace waybill::telemetry_test
