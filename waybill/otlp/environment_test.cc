#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/otlp/environment.h>

namespace waybill {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

using Variables = std::map<std::string, std::string>;

OtlpEnvironment of(const Variables& variables) {
  return [&variables](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

OtlpOptions read(OtlpSignal signal, const Variables& variables, OtlpOptions options = {}) {
  return with_environment(std::move(options), signal, of(variables));
}

std::string error_of(OtlpSignal signal, const Variables& variables) {
  try {
    read(signal, variables);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const std::pair<OtlpSignal, std::string> kSignals[] = {{OtlpSignal::kTraces, "TRACES"},
                                                       {OtlpSignal::kMetrics, "METRICS"},
                                                       {OtlpSignal::kLogs, "LOGS"}};

TEST(OtlpEnvironment, LeavesUnsetWhatItDoesNotSay) {
  for (const auto& [signal, name] : kSignals) {
    const OtlpOptions options = read(signal, {{"OTEL_EXPORTER_OTLP_TIMEOUT", ""}});
    EXPECT_FALSE(options.protocol || options.endpoint || options.compression || options.timeout ||
                 options.tls.ca_file || options.temporality || options.histogram_aggregation ||
                 options.batching.delay);
    EXPECT_TRUE(options.headers.empty());
  }
}

TEST(OtlpEnvironment, OfTheSignalWinsOverThatOfAll) {
  for (const auto& [signal, name] : kSignals) {
    const std::string own = "OTEL_EXPORTER_OTLP_" + name + "_";
    const std::string all = "OTEL_EXPORTER_OTLP_";
    Variables variables = {
        {all + "PROTOCOL", "grpc"},      {all + "COMPRESSION", "none"},
        {all + "TIMEOUT", "1000"},       {all + "CERTIFICATE", "all.pem"},
        {all + "CLIENT_KEY", "all.key"}, {all + "CLIENT_CERTIFICATE", "all-client.pem"},
        {all + "INSECURE", "false"},     {all + "HEADERS", "a=all"},
    };
    const OtlpOptions general = read(signal, variables);
    EXPECT_EQ(general.protocol, OtlpProtocol::kGrpc);
    EXPECT_EQ(general.compression, OtlpCompression::kNone);
    EXPECT_EQ(general.timeout, 1000ms);
    EXPECT_EQ(general.tls.ca_file, "all.pem");
    EXPECT_EQ(general.tls.client_key_file, "all.key");
    EXPECT_EQ(general.tls.client_certificate_file, "all-client.pem");
    EXPECT_EQ(general.tls.insecure, false);
    EXPECT_THAT(general.headers, ElementsAre(Pair("a", "all")));
    variables.insert({
        {own + "PROTOCOL", "http/json"},
        {own + "COMPRESSION", "GZIP"},
        {own + "TIMEOUT", "250"},
        {own + "CERTIFICATE", "own.pem"},
        {own + "CLIENT_KEY", "own.key"},
        {own + "CLIENT_CERTIFICATE", "own-client.pem"},
        {own + "INSECURE", "TRUE"},
        {own + "HEADERS", "b=own"},
    });
    const OtlpOptions options = read(signal, variables);
    EXPECT_EQ(options.protocol, OtlpProtocol::kHttpJson);
    EXPECT_EQ(options.compression, OtlpCompression::kGzip);
    EXPECT_EQ(options.timeout, 250ms);
    EXPECT_EQ(options.tls.ca_file, "own.pem");
    EXPECT_EQ(options.tls.client_key_file, "own.key");
    EXPECT_EQ(options.tls.client_certificate_file, "own-client.pem");
    EXPECT_EQ(options.tls.insecure, true);
    EXPECT_THAT(options.headers, ElementsAre(Pair("b", "own")));
  }
}

TEST(OtlpEnvironment, HasAnEndpointForAllAndOneForEach) {
  Variables variables = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://all"}};
  EXPECT_EQ(read(OtlpSignal::kLogs, variables).endpoint, "http://all");
  variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://t";
  variables["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://m";
  variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = "http://l";
  EXPECT_EQ(read(OtlpSignal::kTraces, variables).traces_endpoint, "http://t");
  EXPECT_EQ(read(OtlpSignal::kMetrics, variables).metrics_endpoint, "http://m");
  EXPECT_EQ(read(OtlpSignal::kLogs, variables).logs_endpoint, "http://l");
}

TEST(OtlpEnvironment, DoesNotChangeWhatTheProgramSays) {
  const Variables variables = {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://variable"},
                               {"OTEL_EXPORTER_OTLP_TIMEOUT", "1"},
                               {"OTEL_EXPORTER_OTLP_HEADERS", "A=variable,b=2"},
                               {"OTEL_BSP_SCHEDULE_DELAY", "7"}};
  const OtlpOptions options = read(OtlpSignal::kTraces, variables,
                                   {.endpoint = "http://code",
                                    .headers = {{"a", "code"}},
                                    .timeout = 5s,
                                    .batching = {.delay = 3s}});
  EXPECT_EQ(options.endpoint, "http://code");
  EXPECT_FALSE(options.traces_endpoint);
  EXPECT_EQ(options.timeout, 5s);
  EXPECT_THAT(options.headers, ElementsAre(Pair("a", "code"), Pair("b", "2")));
  EXPECT_EQ(options.batching.delay, 3s);
}

TEST(OtlpEnvironment, KnowsProtocolsTemporalitiesAndAggregations) {
  for (const auto& [text, protocol] :
       std::map<std::string, OtlpProtocol>{{"grpc", OtlpProtocol::kGrpc},
                                           {"http/protobuf", OtlpProtocol::kHttpProtobuf},
                                           {"http/json", OtlpProtocol::kHttpJson}}) {
    EXPECT_EQ(read(OtlpSignal::kLogs, {{"OTEL_EXPORTER_OTLP_PROTOCOL", text}}).protocol, protocol);
  }
  for (const auto& [text, temporality] :
       std::map<std::string, OtlpTemporality>{{"cumulative", OtlpTemporality::kCumulative},
                                              {"Delta", OtlpTemporality::kDelta},
                                              {"LowMemory", OtlpTemporality::kLowMemory}}) {
    const Variables variables = {{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", text}};
    EXPECT_EQ(read(OtlpSignal::kMetrics, variables).temporality, temporality);
  }
  using Aggregation = OtlpHistogramAggregation;
  for (const auto& [text, aggregation] : std::map<std::string, Aggregation>{
           {"explicit_bucket_histogram", Aggregation::kExplicitBuckets},
           {"base2_exponential_bucket_histogram", Aggregation::kBase2Exponential}}) {
    const Variables variables = {
        {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", text}};
    EXPECT_EQ(read(OtlpSignal::kMetrics, variables).histogram_aggregation, aggregation);
  }
}

TEST(OtlpEnvironment, SaysHowSpansAndLogRecordsAreBatched) {
  const Variables variables = {{"OTEL_BSP_SCHEDULE_DELAY", "0"},
                               {"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "512"},
                               {"OTEL_BLRP_SCHEDULE_DELAY", "250"},
                               {"OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "64"}};
  EXPECT_EQ(read(OtlpSignal::kTraces, variables).batching.delay, 0ms);
  EXPECT_EQ(read(OtlpSignal::kTraces, variables).batching.records, 512U);
  EXPECT_EQ(read(OtlpSignal::kLogs, variables).batching.delay, 250ms);
  EXPECT_EQ(read(OtlpSignal::kLogs, variables).batching.records, 64U);
  EXPECT_FALSE(read(OtlpSignal::kMetrics, variables).batching.delay);
}

TEST(OtlpEnvironment, NamesTheVariableThatCannotBeRead) {
  const struct {
    std::string name;
    std::string value;
    std::string expected;
  } cases[] = {
      {"OTEL_EXPORTER_OTLP_PROTOCOL", "http", "one of http/protobuf, http/json, grpc"},
      {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "udp", "one of"},
      {"OTEL_EXPORTER_OTLP_COMPRESSION", "zstd", "one of none, gzip"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "milliseconds"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "0", "milliseconds, more than 0"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "-1", "milliseconds"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "99999999999999999999", "milliseconds"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "9999999999999999", "milliseconds"},
      {"OTEL_EXPORTER_OTLP_INSECURE", "yes", "one of true, false"},
      {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "both", "one of cumulative"},
      {"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "drop", "one of explicit_"},
  };
  for (const auto& [name, value, expected] : cases) {
    EXPECT_THAT(
        error_of(OtlpSignal::kMetrics, {{name, value}}),
        HasSubstr("option '" + name + "': '" + value + "' is not valid: expected " + expected));
  }
  EXPECT_THAT(error_of(OtlpSignal::kTraces, {{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "0"}}),
              HasSubstr("OTEL_BSP_MAX_EXPORT_BATCH_SIZE"));
  EXPECT_THAT(error_of(OtlpSignal::kTraces, {{"OTEL_EXPORTER_OTLP_HEADERS", "k=v,secret"}}),
              testing::AllOf(HasSubstr("OTEL_EXPORTER_OTLP_HEADERS"), Not(HasSubstr("secret"))));
}

TEST(MetricReaderSettings, AreReadFromTheEnvironment) {
  const Variables variables = {{"OTEL_METRIC_EXPORT_INTERVAL", "5000"},
                               {"OTEL_METRIC_EXPORT_TIMEOUT", "700"}};
  const MetricReaderSettings settings = metric_reader_settings_of_environment(of(variables));
  EXPECT_EQ(settings.interval, 5s);
  EXPECT_EQ(settings.timeout, 700ms);
  const MetricReaderSettings none = metric_reader_settings_of_environment(of({}));
  EXPECT_FALSE(none.interval || none.timeout);
}

TEST(OtlpEnvironment, IsTheOneOfTheProcessUnlessSaid) {
  setenv("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT", "77", 1);
  EXPECT_EQ(with_environment({}, OtlpSignal::kLogs).timeout, 77ms);
  unsetenv("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT");
}

}  // namespace
}  // namespace waybill
