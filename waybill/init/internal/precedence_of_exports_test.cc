#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/init/internal/precedence_fixture.h>
#include <waybill/trace/samplers.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

template <class Name>
std::string numbers(const std::vector<Name>& names) {
  std::string all;
  for (const Name name : names) all += std::to_string(static_cast<int>(name)) + ";";
  return all;
}

std::string path_of(const std::optional<ExportFile>& file) {
  return file ? file->path : "none";
}

// The numbers are those of SpanExporterName, MetricExporterName, LogExporterName.
TEST(Precedence, OfExporters) {
  expect_precedence({
      {"traces",
       [](InitOptions& o) { o.traces.exporters = {SpanExporterName::kOtlp}; },
       "traces.exporters = ['console', 'zipkin', 'console']",
       {{"OTEL_TRACES_EXPORTER", "zipkin,otlp"}},
       [](const Settings& s) { return numbers(s.traces.exporters); },
       {"0;", "1;2;", "2;0;", ""}},
      {"metrics",
       [](InitOptions& o) { o.metrics.exporters = {MetricExporterName::kOtlp}; },
       "metrics.exporters = 'prometheus'",
       {{"OTEL_METRICS_EXPORTER", "otlp/stdout"}},
       [](const Settings& s) { return numbers(s.metrics.exporters); },
       {"0;", "2;", "1;", ""}},
      {"logs",
       [](InitOptions& o) { o.log.exporters.emplace(); },
       "log.exporters = ['console', 'otlp']",
       {{"OTEL_LOGS_EXPORTER", "otlp"}},
       [](const Settings& s) { return numbers(s.log.exporters); },
       {"", "1;0;", "0;", ""}},
      {"file of traces",
       [](InitOptions& o) { o.traces.file = "c"; },
       "traces.file = 'f'",
       {{"WAYBILL_TRACES_FILE", "e"}},
       [](const Settings& s) { return path_of(s.traces.file); },
       {"c", "f", "e", "none"}},
      {"file of metrics",
       [](InitOptions& o) { o.metrics.file = "c"; },
       "metrics.file = 'f'",
       {{"WAYBILL_METRICS_FILE", "e"}},
       [](const Settings& s) { return path_of(s.metrics.file); },
       {"c", "f", "e", "none"}},
      {"zipkin_endpoint",
       [](InitOptions& o) { o.traces.zipkin_endpoint = "http://c"; },
       "traces.zipkin_endpoint = 'http://f'",
       {{"OTEL_EXPORTER_ZIPKIN_ENDPOINT", "http://e"}},
       [](const Settings& s) { return s.traces.zipkin_endpoint; },
       {"http://c", "http://f", "http://e", "http://localhost:9411/api/v2/spans"}},
  });
}

TEST(Precedence, OfSampling) {
  const auto sampler = [](const Settings& s) {
    return s.traces.sampler != nullptr ? s.traces.sampler->description() : "none";
  };
  const auto tail = [](const Settings& s) {
    if (!s.traces.tail) return std::string("no tail");
    const TailOptions& options = *s.traces.tail;
    return text_of(options.keep_failed) + " " + text_of(options.keep_slower_than) + " " +
           text_of(options.memory_limit);
  };
  expect_precedence({
      {"sampler",
       [](InitOptions& o) { o.traces.sampler = "always_off"; },
       "traces.sampler = 'always_on'",
       {{"OTEL_TRACES_SAMPLER", "parentbased_always_off"}},
       sampler,
       {always_off_sampler()->description(), always_on_sampler()->description(),
        parent_based_sampler(always_off_sampler())->description(), "none"}},
      {"own_sampler",
       [](InitOptions& o) { o.traces.own_sampler = always_off_sampler(); },
       "traces.sampler = 'always_on'",
       {{"OTEL_TRACES_SAMPLER", "parentbased_always_on"}},
       sampler,
       {always_off_sampler()->description(), always_on_sampler()->description(),
        parent_based_sampler(always_on_sampler())->description(), "none"}},
      {"sampler_argument",
       [](InitOptions& o) {
         o.traces.sampler = "traceidratio";
         o.traces.sampler_argument = "0.5";
       },
       "traces = {sampler = 'traceidratio', sampler_argument = 0.25}",
       {{"OTEL_TRACES_SAMPLER", "traceidratio"}, {"OTEL_TRACES_SAMPLER_ARG", "0.125"}},
       sampler,
       {probability_sampler(0.5)->description(), probability_sampler(0.25)->description(),
        probability_sampler(0.125)->description(), "none"}},
      {"keep_failed",
       [](InitOptions& o) { o.traces.keep_failed = false; },
       "traces.keep_failed = true",
       {{"WAYBILL_TRACES_KEEP_FAILED", "false"}},
       tail,
       {"no tail", "true 0 67108864", "no tail", "no tail"}},
      {"keep_slower_than",
       [](InitOptions& o) { o.traces.keep_slower_than = 1us; },
       "traces.keep_slower_than = '2us'",
       {{"WAYBILL_TRACES_KEEP_SLOWER_THAN", "3us"}},
       tail,
       {"true 1000 67108864", "true 2000 67108864", "true 3000 67108864", "no tail"}},
      {"tail_memory",
       [](InitOptions& o) { o.traces.tail_memory = 65'536; },
       "traces.tail_memory = '128KiB'",
       {{"WAYBILL_TRACES_TAIL_MEMORY", "256KiB"}, {"WAYBILL_TRACES_KEEP_FAILED", "true"}},
       tail,
       {"true 0 65536", "true 0 131072", "true 0 262144", "no tail"}},
  });
}

TEST(Precedence, OfSpanLimits) {
  const auto row = [](const char* key, std::optional<std::size_t> InitSpanLimits::*option,
                      const std::string& toml, Variables variables, auto SpanLimits::*limit,
                      ByPrecedence expected) {
    return PrecedenceCase{key,
                          [option](InitOptions& o) { o.traces.limits.*option = 1; },
                          toml.c_str(),
                          std::move(variables),
                          [limit](const Settings& s) { return text_of(s.traces.limits.*limit); },
                          std::move(expected)};
  };
  using In = InitSpanLimits;
  using Out = SpanLimits;
  const std::string limits = "traces.limits.";
  const std::string tomls[] = {limits + "attributes = 2",
                               limits + "events = 2",
                               limits + "links = 2",
                               limits + "attributes_per_event = 2",
                               limits + "attributes_per_link = 2",
                               limits + "attribute_value_length = 2",
                               limits + "bytes = '2KiB'"};
  const std::string unlimited = text_of(Out().attribute_value_length);
  const ByPrecedence usual = {"1", "2", "3", "128"};
  expect_precedence({
      row("attributes", &In::attributes, tomls[0], {{"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "3"}},
          &Out::attributes, usual),
      row("attributes of all", &In::attributes, tomls[0], {{"OTEL_ATTRIBUTE_COUNT_LIMIT", "3"}},
          &Out::attributes, usual),
      row("events", &In::events, tomls[1], {{"OTEL_SPAN_EVENT_COUNT_LIMIT", "3"}}, &Out::events,
          usual),
      row("links", &In::links, tomls[2], {{"OTEL_SPAN_LINK_COUNT_LIMIT", "3"}}, &Out::links, usual),
      row("attributes_per_event", &In::attributes_per_event, tomls[3],
          {{"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "3"}}, &Out::attributes_per_event, usual),
      row("attributes_per_link", &In::attributes_per_link, tomls[4],
          {{"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "3"}}, &Out::attributes_per_link, usual),
      row("attribute_value_length", &In::attribute_value_length, tomls[5],
          {{"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3"}}, &Out::attribute_value_length,
          {"1", "2", "3", unlimited}),
      row("attribute_value_length of all", &In::attribute_value_length, tomls[5],
          {{"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "3"}}, &Out::attribute_value_length,
          {"1", "2", "3", unlimited}),
      row("bytes", &In::bytes, tomls[6], {}, &Out::bytes, {"1", "2048", "65536", "65536"}),
  });
}

TEST(Precedence, OfMetricsOptions) {
  expect_precedence({
      {"interval",
       [](InitOptions& o) { o.metrics.interval = 1s; },
       "metrics.interval = '2s'",
       {{"OTEL_METRIC_EXPORT_INTERVAL", "3000"}},
       [](const Settings& s) { return text_of(s.metrics.interval); },
       {"1000", "2000", "3000", "60000"}},
      {"timeout",
       [](InitOptions& o) { o.metrics.timeout = 1s; },
       "metrics.timeout = '2s'",
       {{"OTEL_METRIC_EXPORT_TIMEOUT", "3000"}},
       [](const Settings& s) { return text_of(s.metrics.timeout); },
       {"1000", "2000", "3000", "30000"}},
      {"exemplar_filter",
       [](InitOptions& o) { o.metrics.exemplar_filter = ExemplarFilter::kTraceBased; },
       "metrics.exemplar_filter = 'always_on'",
       {{"OTEL_METRICS_EXEMPLAR_FILTER", "always_off"}},
       [](const Settings& s) { return text_of(static_cast<int>(s.metrics.exemplar_filter)); },
       {"0", "1", "2", "0"}},
      {"pipeline",
       [](InitOptions& o) { o.metrics.pipeline = false; },
       "metrics.pipeline = true",
       {{"WAYBILL_METRICS_PIPELINE", "false"}},
       [](const Settings& s) { return text_of(s.metrics.pipeline); },
       {"false", "true", "false", "false"}},
      {"pipeline by a variable",
       [](InitOptions& o) { o.metrics.pipeline = false; },
       "",
       {{"WAYBILL_METRICS_PIPELINE", "true"}},
       [](const Settings& s) { return text_of(s.metrics.pipeline); },
       {"false", "true", "true", "false"}},
  });
}

// What traces are told is what all signals are told.
OtlpOptions otlp_of(const Settings& settings) {
  return settings.traces.otlp.options;
}

TEST(Precedence, OfOtlpOptions) {
  const auto text = [](const char* key, std::optional<std::string> InitOtlpOptions::*option,
                       const std::string& toml, const char* variable, auto get) {
    return PrecedenceCase{key,
                          [option](InitOptions& o) { o.otlp.*option = "c"; },
                          toml.c_str(),
                          {{variable, "e"}},
                          [get](const Settings& s) { return get(otlp_of(s)).value_or("none"); },
                          {"c", "f", "e", "none"}};
  };
  using In = InitOtlpOptions;
  const std::string tomls[] = {"otlp.ca_file = 'f'", "otlp.client_certificate_file = 'f'",
                               "otlp.client_key_file = 'f'", "otlp.traces_endpoint = 'f'"};
  expect_precedence({
      text("ca_file", &In::ca_file, tomls[0], "OTEL_EXPORTER_OTLP_CERTIFICATE",
           [](const OtlpOptions& o) { return o.tls.ca_file; }),
      text("client_certificate_file", &In::client_certificate_file, tomls[1],
           "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
           [](const OtlpOptions& o) { return o.tls.client_certificate_file; }),
      text("client_key_file", &In::client_key_file, tomls[2], "OTEL_EXPORTER_OTLP_CLIENT_KEY",
           [](const OtlpOptions& o) { return o.tls.client_key_file; }),
      text("traces_endpoint", &In::traces_endpoint, tomls[3], "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
           [](const OtlpOptions& o) { return o.traces_endpoint; }),
      {"protocol",
       [](InitOptions& o) { o.otlp.protocol = OtlpProtocol::kHttpProtobuf; },
       "otlp.protocol = 'http/json'",
       {{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}},
       [](const Settings& s) {
         const auto protocol = otlp_of(s).protocol;
         return protocol ? text_of(static_cast<int>(*protocol)) : "none";
       },
       {"0", "1", "2", "none"}},
      {"compression",
       [](InitOptions& o) { o.otlp.compression = OtlpCompression::kNone; },
       "otlp.compression = 'gzip'",
       {{"OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none"}},
       [](const Settings& s) { return text_of(otlp_of(s).compression == OtlpCompression::kGzip); },
       {"false", "true", "false", "false"}},
      {"timeout",
       [](InitOptions& o) { o.otlp.timeout = 1s; },
       "otlp.timeout = '2s'",
       {{"OTEL_EXPORTER_OTLP_TIMEOUT", "3000"}},
       [](const Settings& s) { return text_of(otlp_of(s).timeout.value_or(0s)); },
       {"1000", "2000", "3000", "0"}},
      {"insecure",
       [](InitOptions& o) { o.otlp.insecure = false; },
       "otlp.insecure = true",
       {{"OTEL_EXPORTER_OTLP_INSECURE", "false"}},
       [](const Settings& s) { return text_of(otlp_of(s).tls.insecure.value_or(false)); },
       {"false", "true", "false", "false"}},
      {"temporality",
       [](InitOptions& o) { o.otlp.temporality = OtlpTemporality::kCumulative; },
       "otlp.temporality = 'delta'",
       {{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "lowmemory"}},
       [](const Settings& s) {
         const auto temporality = s.metrics.otlp.options.temporality;
         return temporality ? text_of(static_cast<int>(*temporality)) : "none";
       },
       {"0", "1", "2", "none"}},
      {"histogram_aggregation",
       [](InitOptions& o) {
         o.otlp.histogram_aggregation = OtlpHistogramAggregation::kExplicitBuckets;
       },
       "otlp.histogram_aggregation = 'base2_exponential_bucket_histogram'",
       {{"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", "explicit_bucket_histogram"}},
       [](const Settings& s) {
         const auto aggregation = s.metrics.otlp.options.histogram_aggregation;
         return aggregation ? text_of(static_cast<int>(*aggregation)) : "none";
       },
       {"0", "1", "0", "none"}},
      {"spool",
       [](InitOptions& o) { o.otlp.spool = "c"; },
       "otlp.spool = 'f'",
       {{"WAYBILL_OTLP_SPOOL", "e"}},
       [](const Settings& s) { return otlp_of(s).spool.folder; },
       {"c", "f", "e", ""}},
      {"spool_limit",
       [](InitOptions& o) { o.otlp.spool_limit = 65'536; },
       "otlp.spool_limit = '1MiB'",
       {{"WAYBILL_OTLP_SPOOL_LIMIT", "2MiB"}},
       [](const Settings& s) { return text_of(otlp_of(s).spool.bytes_limit); },
       {"65536", "1048576", "2097152", "1073741824"}},
      {"queue_bytes",
       [](InitOptions& o) { o.otlp.queue_bytes = 65'536; },
       "otlp.queue_bytes = '1MiB'",
       {{"WAYBILL_OTLP_QUEUE_BYTES", "2MiB"}},
       [](const Settings& s) { return text_of(otlp_of(s).queue_bytes); },
       {"65536", "1048576", "2097152", "67108864"}},
  });
}

TEST(Precedence, OfHeadersIsThatOfEach) {
  const SettingsSources sources{
      .code = {.otlp = {.headers = {{"A", "code"}}}},
      .toml = "otlp.headers = {a = 'file', b = 'file'}",
      .variables = {{"OTEL_EXPORTER_OTLP_HEADERS", "a=environment,B=environment,c=environment"}}};
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(otlp_of(sources.read()).headers,
            (Headers{{"A", "code"}, {"b", "file"}, {"c", "environment"}}));
}

// Of each signal: what names its endpoint in the first source that does.
TEST(Precedence, OfEndpointsIsThatOfTheirSources) {
  const auto endpoints = [](const SettingsSources& sources) {
    const Settings settings = sources.read();
    const OtlpOptions& traces = settings.traces.otlp.options;
    const OtlpOptions& metrics = settings.metrics.otlp.options;
    const OtlpOptions& logs = settings.log.otlp.options;
    return traces.traces_endpoint.value_or("") + "|" + traces.endpoint.value_or("") + " " +
           metrics.metrics_endpoint.value_or("") + "|" + metrics.endpoint.value_or("") + " " +
           logs.logs_endpoint.value_or("") + "|" + logs.endpoint.value_or("");
  };
  const Variables both = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "e"},
                          {"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "l"}};
  const Variables one = {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "e"}};
  const std::string file_of_one = "otlp.metrics_endpoint = 'f'";
  const std::string file_of_all = "otlp.endpoint = 'f'";
  const InitOptions code_of_one = {.otlp = {.logs_endpoint = "c"}};
  const InitOptions code_of_all = {.otlp = {.endpoint = "c"}};
  EXPECT_EQ(endpoints({.variables = both}), "|e |e l|");
  EXPECT_EQ(endpoints({.variables = one}), "e| | |");
  EXPECT_EQ(endpoints({.toml = file_of_one, .variables = both}), "|e f| l|");
  EXPECT_EQ(endpoints({.toml = file_of_all, .variables = one}), "|f |f |f");
  EXPECT_EQ(endpoints({.code = code_of_one, .variables = one}), "e| | c|");
  EXPECT_EQ(endpoints({.code = code_of_one, .toml = file_of_all}), "|f |f c|");
  EXPECT_EQ(endpoints({.code = code_of_all, .toml = file_of_one, .variables = both}), "|c |c |c");
}

}  // namespace
}  // namespace waybill::internal
