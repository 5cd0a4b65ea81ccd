#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/temporary_folder.h>
#include <waybill/otlp/internal/signal_options.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string url_of(OtlpSignal signal, OtlpOptions options) {
  options.environment = false;
  return finalize(std::move(options), signal).url;
}

TEST(SignalOptions, SendToTheSignalsPathBelowTheEndpoint) {
  EXPECT_EQ(url_of(OtlpSignal::kTraces, {}), "http://localhost:4318/v1/traces");
  EXPECT_EQ(url_of(OtlpSignal::kMetrics, {}), "http://localhost:4318/v1/metrics");
  EXPECT_EQ(url_of(OtlpSignal::kLogs, {}), "http://localhost:4318/v1/logs");
  EXPECT_EQ(url_of(OtlpSignal::kLogs, {.endpoint = "http://a:1/b"}), "http://a:1/b/v1/logs");
  EXPECT_EQ(url_of(OtlpSignal::kLogs, {.endpoint = "http://a:1/b/"}), "http://a:1/b/v1/logs");
}

TEST(SignalOptions, UseASignalsOwnEndpointAsItIs) {
  const OtlpOptions options = {.endpoint = "http://all",
                               .traces_endpoint = "http://t:4318",
                               .metrics_endpoint = "https://m/v1/metrics/",
                               .logs_endpoint = "http://l/x"};
  EXPECT_EQ(url_of(OtlpSignal::kTraces, options), "http://t:4318/");
  EXPECT_EQ(url_of(OtlpSignal::kMetrics, options), "https://m/v1/metrics/");
  EXPECT_EQ(url_of(OtlpSignal::kLogs, options), "http://l/x");
}

TEST(SignalOptions, HaveNoPathForGrpc) {
  EXPECT_EQ(url_of(OtlpSignal::kTraces, {.protocol = OtlpProtocol::kGrpc}), "localhost:4317");
  EXPECT_EQ(
      url_of(OtlpSignal::kTraces, {.protocol = OtlpProtocol::kGrpc, .endpoint = "https://a:1/"}),
      "a:1");
}

TEST(SignalOptions, TakeFromTheEnvironmentUnlessToldNotTo) {
  setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "77", 1);
  EXPECT_EQ(finalize({}, OtlpSignal::kLogs).timeout, 77ms);
  EXPECT_EQ(finalize({.environment = false}, OtlpSignal::kLogs).timeout, 10s);
  unsetenv("OTEL_EXPORTER_OTLP_TIMEOUT");
}

std::string error_of(OtlpOptions options) {
  try {
    finalize(std::move(options), OtlpSignal::kTraces);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(SignalOptions, NameWhatCannotBeMet) {
  const TemporaryFolder folder;
  const std::string key = folder / "key.pem";
  std::ofstream(key) << "key";
  EXPECT_THAT(error_of({.endpoint = "collector:4318"}), HasSubstr("'endpoint': 'collector:4318'"));
  EXPECT_THAT(error_of({.traces_endpoint = "x"}), HasSubstr("'traces_endpoint'"));
  EXPECT_THAT(error_of({.headers = {{"a b", "c"}}}), HasSubstr("'headers': 'a b'"));
  EXPECT_THAT(error_of({.timeout = 0ms}), HasSubstr("'timeout'"));
  EXPECT_THAT(error_of({.tls = {.ca_file = "/nowhere"}}), HasSubstr("'tls.ca_file': '/nowhere'"));
  EXPECT_THAT(error_of({.tls = {.ca_file = folder.path().string()}}), HasSubstr("'tls.ca_file'"));
  EXPECT_THAT(error_of({.tls = {.client_key_file = key}}), HasSubstr("client_certificate_file"));
  EXPECT_THAT(error_of({.tls = {.client_certificate_file = key}}), HasSubstr("client_key_file"));
  EXPECT_THAT(error_of({.batching = {.delay = -1ms}}), HasSubstr("'batching.delay'"));
  EXPECT_THAT(error_of({.batching = {.records = 0}}), HasSubstr("'batching.records'"));
  EXPECT_THAT(error_of({.batching = {.bytes = 17 << 20}}), HasSubstr("'batching.bytes'"));
  EXPECT_THAT(error_of({.retry = {.first = 0ms}}), HasSubstr("'retry.first'"));
  EXPECT_THAT(error_of({.retry = {.first = 2s, .longest = 1s}}), HasSubstr("'retry.longest'"));
  EXPECT_THAT(error_of({.retry = {.give_up_after = -1s}}), HasSubstr("'retry.give_up_after'"));
  EXPECT_THAT(error_of({.queue_bytes = 100}), HasSubstr("'queue_bytes': '100'"));
  EXPECT_THAT(error_of({.spool = {.folder = "x", .bytes_limit = 1}}),
              HasSubstr("'spool.bytes_limit'"));
  EXPECT_EQ(error_of({}), "no error");
}

}  // namespace
}  // namespace waybill::internal
