#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <waybill/init/init.h>
#include <waybill/init/internal/init_fixture.h>
#include <waybill/log/log.h>
#include <waybill/metrics/metrics.h>
#include <waybill/trace/trace.h>

namespace waybill {
namespace {

using internal::error_of;
using internal::InitTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// Something of each signal.
void work() {
  auto fetching = span("fetch weather", {{"zip_code", 98101}});
  Meter("weather").counter("fetches").add(1);
  logger("weather").info("Fetching");
}

TEST_F(InitTest, WritesSpansAndMetricsToFiles) {
  const Outcome outcome = run({{"OTEL_RESOURCE_ATTRIBUTES", "service.version=1.4.0"}}, [this] {
    init({.service = "weather",
          .traces = {.file = folder_ / "logs/spans.jsonl"},
          .metrics = {.file = folder_ / "logs/metrics.jsonl"}});
    work();
  });
  EXPECT_EQ(outcome.status, 0);
  for (const char* file : {"logs/spans.jsonl", "logs/metrics.jsonl"}) {
    EXPECT_THAT(folder_.read(file),
                HasSubstr(R"({"key":"service.name","value":{"stringValue":"weather"}})"));
    EXPECT_THAT(folder_.read(file),
                HasSubstr(R"({"key":"service.version","value":{"stringValue":"1.4.0"}})"));
  }
  EXPECT_THAT(folder_.read("logs/spans.jsonl"), HasSubstr(R"("name":"fetch weather")"));
  EXPECT_THAT(folder_.read("logs/metrics.jsonl"), HasSubstr(R"("name":"fetches")"));
  EXPECT_THAT(outcome.output, IsEmpty());
}

TEST_F(InitTest, MakesHistogramsAsTheCollectorIsToGetThem) {
  const Outcome outcome = run({{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9"},
                               {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION",
                                "base2_exponential_bucket_histogram"}},
                              [] {
                                init();
                                Meter("weather").histogram("duration").record(1);
                                const MetricSnapshot snapshot = collect();
                                if (snapshot.metrics.size() != 1) _exit(3);
                                const MetricKind kind = snapshot.metrics[0].kind;
                                _exit(kind == MetricKind::kExponentialHistogram ? 0 : 4);
                              });
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(InitTest, WritesAllSignalsToTheConsole) {
  const Outcome outcome = run({{"OTEL_TRACES_EXPORTER", "console"},
                               {"OTEL_METRICS_EXPORTER", "console"},
                               {"OTEL_LOGS_EXPORTER", "console"}},
                              [] {
                                init();
                                work();
                              });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr(R"({"resourceSpans":)"));
  EXPECT_THAT(outcome.output, HasSubstr(R"("name":"fetch weather")"));
  EXPECT_THAT(outcome.output, HasSubstr(R"({"resourceMetrics":)"));
  EXPECT_THAT(outcome.output, HasSubstr(R"("name":"fetches")"));
  EXPECT_THAT(outcome.output, HasSubstr(R"({"resourceLogs":)"));
  EXPECT_THAT(outcome.error, HasSubstr(R"("message":"Fetching")"));  // lines all the same
}

// Takes this many requests, one for each connection, on a free port, and says yes.
class Collector {
 public:
  explicit Collector(int requests) : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, any, size) != 0 || listen(listener_, requests) != 0 ||
        getsockname(listener_, any, &size) != 0) {
      _exit(97);
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this, requests] {
      for (int i = 0; i < requests; ++i) serve();
    });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // What was asked for, sorted, when all have come.
  std::string requests() {
    thread_.join();
    std::sort(requests_.begin(), requests_.end());
    std::string all;
    for (const std::string& line : requests_) all += line + "\n";
    return all;
  }

 private:
  void serve() {
    const int connection = accept(listener_, nullptr, nullptr);
    std::string request;
    char bytes[4096];
    while (request.find("\r\n\r\n") == std::string::npos) {
      const ssize_t size = read(connection, bytes, sizeof bytes);
      if (size <= 0) break;
      request.append(bytes, static_cast<std::size_t>(size));
    }
    constexpr std::string_view kYes =
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    if (write(connection, kYes.data(), kYes.size()) < 0) _exit(96);
    shutdown(connection, SHUT_WR);
    while (read(connection, bytes, sizeof bytes) > 0) {
    }
    close(connection);
    const bool has_key = request.find("x-key: 7\r\n") != std::string::npos;
    requests_.push_back(request.substr(0, request.find("\r\n")) + (has_key ? " with key" : ""));
  }

  int listener_;
  std::uint16_t port_ = 0;
  std::vector<std::string> requests_;
  std::thread thread_;
};

TEST_F(InitTest, SendsAllSignalsToTheCollectorThatTheEnvironmentNames) {
  const Outcome outcome = run({{"OTEL_EXPORTER_OTLP_HEADERS", "x-key=7"}}, [] {
    Collector collector(3);
    setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url().c_str(), 1);
    init();
    work();
    flush();
    std::printf("%s", collector.requests().c_str());
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output,
            "POST /v1/logs HTTP/1.1 with key\n"
            "POST /v1/metrics HTTP/1.1 with key\n"
            "POST /v1/traces HTTP/1.1 with key\n");
}

// Headers are the collector's alone.
TEST_F(InitTest, SendsSpansToZipkin) {
  const Outcome outcome = run({{"OTEL_TRACES_EXPORTER", "zipkin"}}, [] {
    Collector zipkin(1);
    init({.traces = {.zipkin_endpoint = zipkin.url() + "/api/v2/spans"},
          .otlp = {.headers = {{"x-key", "7"}}}});
    work();
    flush();
    std::printf("%s", zipkin.requests().c_str());
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.output, "POST /api/v2/spans HTTP/1.1\n");
}

TEST_F(InitTest, ExportsNothingWhereNobodyHasNamedACollector) {
  const Outcome outcome = run({}, [] {
    init();
    if (is_tracing()) _exit(3);
    work();
    flush();
    if (metric_counts().exports != 0) _exit(4);
  });
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(InitTest, SamplesAsItIsTold) {
  const std::string config = folder_.write("waybill.toml",
                                           "[traces]\n"
                                           "exporters = 'console'\n"
                                           "sampler = 'always_off'\n"
                                           "keep_failed = true\n"
                                           "limits.events = 1\n");
  const Outcome outcome = run({{"WAYBILL_CONFIG", config}}, [] {
    init();
    { auto good = span("good"); }
    auto bad = span("bad");
    bad.add_event("first");
    bad.add_event("second");
    bad.set_status(SpanStatus::kError);
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output, HasSubstr(R"("name":"bad")"));
  EXPECT_THAT(outcome.output, HasSubstr(R"("name":"first")"));
  EXPECT_THAT(outcome.output, Not(HasSubstr("second")));
  EXPECT_THAT(outcome.output, Not(HasSubstr("good")));
}

TEST_F(InitTest, CountsThePipelineAmongTheMetrics) {
  const auto metrics_with = [this](bool pipeline) {
    return run({},
               [pipeline] {
                 init({.metrics = {.exporters = {{MetricExporterName::kConsole}},
                                   .pipeline = pipeline}});
                 work();
               })
        .output;
  };
  EXPECT_THAT(metrics_with(true), HasSubstr(R"("name":"waybill.pipeline.records")"));
  EXPECT_THAT(metrics_with(false), Not(HasSubstr("waybill.pipeline.records")));
}

TEST_F(InitTest, TakesExportersThatCodeHasMade) {
  const Outcome outcome = run({}, [] {
    const auto spans = memory_span_exporter();
    init({.service = "weather", .traces = {.own_exporters = {spans}}});
    work();
    flush();
    if (spans->take().size() != 1) _exit(3);
  });
  EXPECT_EQ(outcome.status, 0);
}

TEST_F(InitTest, NamesTheServiceToWhoeverScrapes) {
  const Outcome outcome = run({{"OTEL_METRICS_EXPORTER", "prometheus"}}, [] {
    init({.service = "weather"});
    work();
    std::printf("%s", prometheus_exposition().body.c_str());
  });
  EXPECT_THAT(outcome.output, HasSubstr(R"(service_name="weather")"));
  EXPECT_THAT(outcome.output, HasSubstr("\nfetches_total"));
}

TEST_F(InitTest, ExportsNothingWhenItIsDisabled) {
  const Outcome outcome = run({{"OTEL_SDK_DISABLED", "true"},
                               {"OTEL_LOGS_EXPORTER", "console"},
                               {"OTEL_METRICS_EXPORTER", "console"},
                               {"OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:1"},
                               {"WAYBILL_OTLP_SPOOL", folder_ / "spool"},
                               {"WAYBILL_TRACES_FILE", folder_ / "spans"},
                               {"WAYBILL_METRICS_FILE", folder_ / "metrics"}},
                              [] {
                                init();
                                if (is_tracing()) _exit(3);
                                work();
                              });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.output + outcome.error, IsEmpty());
  for (const char* file : {"spool", "spans", "metrics"}) {
    EXPECT_NE(access((folder_ / file).c_str(), F_OK), 0) << file;
  }
}

TEST_F(InitTest, ReplacesExporters) {
  const Outcome outcome = run({}, [this] {
    init({.traces = {.file = folder_ / "first"}, .metrics = {.file = folder_ / "metrics"}});
    { auto one = span("one"); }
    init({.traces = {.file = folder_ / "second"}});
    { auto two = span("two"); }
    init();
    if (is_tracing()) _exit(3);
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(folder_.read("first"), HasSubstr(R"("name":"one")"));
  EXPECT_THAT(folder_.read("first"), Not(HasSubstr(R"("name":"two")")));
  EXPECT_THAT(folder_.read("second"), HasSubstr(R"("name":"two")"));
}

TEST_F(InitTest, KeepsTheExportersBeforeWhereAnOptionIsBad) {
  const Outcome outcome = run({}, [this] {
    init({.traces = {.file = folder_ / "first"}});
    const std::string error = error_of([this] {
      init({.traces = {.file = folder_ / "second"}, .otlp = {.logs_endpoint = "collector"}});
    });
    auto one = span("one", {{"error", error}});
  });
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(folder_.read("first"), HasSubstr("option 'otlp.logs_endpoint' (in code): "));
}

}  // namespace
}  // namespace waybill
