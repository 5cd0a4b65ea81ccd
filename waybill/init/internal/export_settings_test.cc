#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/init/internal/exporters.h>
#include <waybill/init/internal/settings_fixture.h>
#include <waybill/trace/memory_span_exporter.h>
#include <waybill/trace/samplers.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

struct Case {
  SettingsSources sources;
  std::string expected;
};

// Which of the three signals go to a collector where nobody has named exporters.
std::string exported(const Settings& settings) {
  std::string signals;
  if (!settings.traces.exporters.empty()) signals += "traces ";
  if (!settings.metrics.exporters.empty()) signals += "metrics ";
  if (!settings.log.exporters.empty()) signals += "logs ";
  return signals;
}

TEST(ExportSettings, ExportWhatHasAnEndpoint) {
  const Case cases[] = {
      {{}, ""},
      {{.code = {.otlp = {.endpoint = "http://c"}}}, "traces metrics logs "},
      {{.toml = "otlp.endpoint = 'http://f'"}, "traces metrics logs "},
      {{.variables = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "http://e"}}}, "traces metrics logs "},
      {{.variables = {{"OTEL_EXPORTER_OTLP_ENDPOINT", ""}}}, ""},
      {{.code = {.otlp = {.metrics_endpoint = "http://c"}}}, "metrics "},
      {{.toml = "otlp.logs_endpoint = 'http://f'"}, "logs "},
      {{.variables = {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://e"}}}, "traces "},
      {{.variables = {{"OTEL_EXPORTER_OTLP_HEADERS", "a=b"}}}, ""},
      {{.variables = {{"OTEL_EXPORTER_ZIPKIN_ENDPOINT", "http://e"}}}, ""},
      {{.toml = "otlp.endpoint = 'http://f'\ntraces.exporters = 'none'\nlog.exporters = []"},
       "metrics "},
  };
  for (const auto& [sources, expected] : cases) EXPECT_EQ(exported(sources.read()), expected);
}

TEST(ExportSettings, LeaveNothingToTheEnvironmentOfTheProcess) {
  const Settings settings = from_variables({{"OTEL_BSP_SCHEDULE_DELAY", "7"}});
  EXPECT_EQ(settings.traces.otlp.options.batching.delay, 7ms);
  EXPECT_FALSE(settings.traces.otlp.options.environment);
  EXPECT_FALSE(settings.metrics.otlp.options.environment);
  EXPECT_FALSE(settings.log.otlp.options.environment);
}

TEST(ExportSettings, HaveLimitsOfTheirOwnBeforeThoseOfAll) {
  const SpanLimits limits = from_variables({{"OTEL_ATTRIBUTE_COUNT_LIMIT", "9"},
                                            {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "5"},
                                            {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "70"},
                                            {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "60"}})
                                .traces.limits;
  EXPECT_EQ(limits.attributes, 9u);
  EXPECT_EQ(limits.attributes_per_link, 9u);
  EXPECT_EQ(limits.attributes_per_event, 5u);
  EXPECT_EQ(limits.attribute_value_length, 60u);
  EXPECT_EQ(limits.events, 128u);
}

TEST(ExportSettings, TakeALimitThatIsMoreThanFitsForNone) {
  const Settings settings =
      from_variables({{"OTEL_SPAN_EVENT_COUNT_LIMIT", "9223372036854775807"}});
  EXPECT_EQ(settings.traces.limits.events, std::numeric_limits<std::uint32_t>::max());
}

TEST(ExportSettings, LookForTheSamplersArgumentByItself) {
  const SettingsSources sources{.code = {.traces = {.sampler = "traceidratio"}},
                                .variables = {{"OTEL_TRACES_SAMPLER_ARG", "0.25"}}};
  EXPECT_EQ(sources.read().traces.sampler->description(), probability_sampler(0.25)->description());
  EXPECT_EQ(from_variables({{"OTEL_TRACES_SAMPLER_ARG", "lots"}}).traces.sampler, nullptr);
}

TEST(ExportSettings, KeepWhatFailedBesideWhatIsSlow) {
  const auto tail = [](const std::string& toml) {
    return from_toml("[traces]\n" + toml).traces.tail;
  };
  EXPECT_FALSE(tail("tail_memory = '1MiB'"));
  EXPECT_FALSE(tail("keep_slower_than = 0"));
  EXPECT_TRUE(tail("keep_slower_than = '2s'")->keep_failed);
  EXPECT_FALSE(tail("keep_slower_than = '2s'\nkeep_failed = false")->keep_failed);
  EXPECT_EQ(tail("keep_failed = true")->keep_slower_than, 0s);
}

TEST(ExportSettings, NameTheKeyThatIsUnknown) {
  EXPECT_EQ(toml_error("traces.exporter = 'otlp'"),
            "option 'traces.exporter' (waybill.toml:1) is not known: did you mean 'exporters'?");
  EXPECT_EQ(toml_error("[traces.limits]\nevent = 1"),
            "option 'traces.limits.event' (waybill.toml:2) is not known: did you mean 'events'?");
  EXPECT_EQ(toml_error("metrics.intervall = '1s'"),
            "option 'metrics.intervall' (waybill.toml:1) is not known: did you mean 'interval'?");
  EXPECT_EQ(toml_error("otlp.header = {}"),
            "option 'otlp.header' (waybill.toml:1) is not known: did you mean 'headers'?");
}

// Each key of each section, with a value of a type or range that it does not take.
TEST(ExportSettings, NameTheValueThatIsBad) {
  const std::pair<const char*, const char*> cases[] = {
      {"log.exporters = 'zipkin'",
       "option 'log.exporters' (waybill.toml:1): 'zipkin' is not valid: expected otlp, console, "
       "otlp/stdout, none"},
      {"traces = 1", "option 'traces' (waybill.toml:1): '1' is not valid: expected a table"},
      {"traces.exporters = ['otlp', 'x']",
       "option 'traces.exporters' (waybill.toml:1): 'x' is not valid: expected otlp, console, "
       "otlp/stdout, zipkin, none"},
      {"traces.file = ''", "option 'traces.file' (waybill.toml:1): '' is not valid"},
      {"traces.zipkin_endpoint = 1", "option 'traces.zipkin_endpoint' (waybill.toml:1): '1' is"},
      {"traces.sampler = 'x'",
       "option 'traces.sampler' (waybill.toml:1): 'x' is not valid: expected always_on"},
      {"[traces]\nsampler = 'traceidratio'\nsampler_argument = 1.5",
       "option 'traces.sampler_argument' (waybill.toml:3): '1.5' is not valid: expected a share"},
      {"traces.sampler = 'rate_limiting'", "option 'traces.sampler' (waybill.toml:1): "},
      {"traces.sampler_argument = []", "option 'traces.sampler_argument' (waybill.toml:1): 'a li"},
      {"traces.keep_failed = 1", "option 'traces.keep_failed' (waybill.toml:1): '1' is not valid"},
      {"traces.keep_slower_than = 2", "option 'traces.keep_slower_than' (waybill.toml:1): '2' is"},
      {"traces.keep_slower_than = '2d'",
       "option 'traces.keep_slower_than' (waybill.toml:1): '172800000000us' is not valid: "
       "expected 0 to a day"},
      {"traces.tail_memory = '65535B'",
       "option 'traces.tail_memory' (waybill.toml:1): '65535' is not valid: expected 64KiB or mo"},
      {"traces.limits = 1", "option 'traces.limits' (waybill.toml:1): '1' is not valid"},
      {"traces.limits.attributes = -1", "option 'traces.limits.attributes' (waybill.toml:1): '-1'"},
      {"traces.limits.events = '7'", "option 'traces.limits.events' (waybill.toml:1): '7' is not"},
      {"traces.limits.links = 0.5", "option 'traces.limits.links' (waybill.toml:1): '0.5' is not"},
      {"traces.limits.attributes_per_event = 'x'", "option 'traces.limits.attributes_per_event'"},
      {"traces.limits.attributes_per_link = 'x'", "option 'traces.limits.attributes_per_link' (w"},
      {"traces.limits.attribute_value_length = 'x'", "option 'traces.limits.attribute_value_leng"},
      {"traces.limits.bytes = '1025KiB'", "option 'traces.limits.bytes' (waybill.toml:1): '10496"},
      {"metrics.exporters = 'zipkin'",
       "option 'metrics.exporters' (waybill.toml:1): 'zipkin' is not valid: expected otlp, "
       "console, otlp/stdout, prometheus, none"},
      {"metrics.file = ''", "option 'metrics.file' (waybill.toml:1): '' is not valid"},
      {"metrics.interval = 60", "option 'metrics.interval' (waybill.toml:1): '60' is not valid"},
      {"metrics.interval = '9ms'",
       "option 'metrics.interval' (waybill.toml:1): '9ms' is not valid: expected 10ms to a day"},
      {"metrics.timeout = '2h'",
       "option 'metrics.timeout' (waybill.toml:1): '7200000ms' is not valid: expected 0 to 1h"},
      {"metrics.exemplar_filter = 'x'",
       "option 'metrics.exemplar_filter' (waybill.toml:1): 'x' is not valid: expected "
       "trace_based, always_on, always_off"},
      {"metrics.pipeline = 1", "option 'metrics.pipeline' (waybill.toml:1): '1' is not valid"},
      {"otlp.endpoint = ''", "option 'otlp.endpoint' (waybill.toml:1): '' is not valid"},
      {"otlp.traces_endpoint = 1", "option 'otlp.traces_endpoint' (waybill.toml:1): '1' is not"},
      {"otlp.metrics_endpoint = 1", "option 'otlp.metrics_endpoint' (waybill.toml:1): '1' is not"},
      {"otlp.logs_endpoint = 1", "option 'otlp.logs_endpoint' (waybill.toml:1): '1' is not"},
      {"otlp.protocol = 'x'",
       "option 'otlp.protocol' (waybill.toml:1): 'x' is not valid: expected http/protobuf, "
       "http/json, grpc"},
      {"otlp.headers = 'a=b'", "option 'otlp.headers' (waybill.toml:1): 'a=b' is not valid"},
      {"otlp.compression = 'x'", "option 'otlp.compression' (waybill.toml:1): 'x' is not valid"},
      {"otlp.timeout = 10", "option 'otlp.timeout' (waybill.toml:1): '10' is not valid"},
      {"otlp.timeout = 0", "option 'otlp.timeout' (waybill.toml:1): '0ms' is not valid"},
      {"otlp.ca_file = 1", "option 'otlp.ca_file' (waybill.toml:1): '1' is not valid"},
      {"otlp.client_certificate_file = 1", "option 'otlp.client_certificate_file' (waybill.toml"},
      {"otlp.client_key_file = 1", "option 'otlp.client_key_file' (waybill.toml:1): '1' is not"},
      {"otlp.insecure = 1", "option 'otlp.insecure' (waybill.toml:1): '1' is not valid"},
      {"otlp.temporality = 'x'",
       "option 'otlp.temporality' (waybill.toml:1): 'x' is not valid: expected cumulative, "},
      {"otlp.histogram_aggregation = 'x'",
       "option 'otlp.histogram_aggregation' (waybill.toml:1): 'x' is not valid: expected "
       "explicit_bucket_histogram, base2_exponential_bucket_histogram"},
      {"otlp.spool = ''", "option 'otlp.spool' (waybill.toml:1): '' is not valid"},
      {"otlp.spool_limit = 1", "option 'otlp.spool_limit' (waybill.toml:1): '1' is not valid"},
      {"otlp.queue_bytes = 1", "option 'otlp.queue_bytes' (waybill.toml:1): '1' is not valid"},
  };
  for (const auto& [toml, expected] : cases) EXPECT_THAT(toml_error(toml), StartsWith(expected));
}

TEST(ExportSettings, NameTheOptionInCodeThatIsBad) {
  const auto error = [](const InitOptions& options) {
    return SettingsSources{.code = options}.error();
  };
  EXPECT_EQ(error({.traces = {.own_exporters = {nullptr}}}),
            "option 'traces.own_exporters' (in code): one of them is null");
  EXPECT_EQ(error({.metrics = {.own_exporters = {nullptr}}}),
            "option 'metrics.own_exporters' (in code): one of them is null");
  EXPECT_EQ(error({.traces = {.file = ""}}),
            "option 'traces.file' (in code): the path of a file is missing");
  EXPECT_EQ(error({.metrics = {.file = ""}}),
            "option 'metrics.file' (in code): the path of a file is missing");
  EXPECT_THAT(error({.traces = {.sampler = "x"}}),
              StartsWith("option 'traces.sampler' (in code): 'x' is not valid"));
  EXPECT_THAT(error({.traces = {.keep_slower_than = -1us}}),
              StartsWith("option 'traces.keep_slower_than' (in code): '-1us' is not valid"));
  EXPECT_THAT(error({.metrics = {.interval = 0ms}}),
              StartsWith("option 'metrics.interval' (in code): '0ms' is not valid"));
}

TEST(ExportSettings, NameTheSourceOfASamplersArgument) {
  const SettingsSources sources{.code = {.traces = {.sampler = "traceidratio"}},
                                .variables = {{"OTEL_TRACES_SAMPLER_ARG", "2"}}};
  EXPECT_THAT(sources.error(),
              StartsWith("option 'traces.sampler_argument' (environment variable "
                         "OTEL_TRACES_SAMPLER_ARG): '2' is not valid: expected a share"));
}

TEST(ExportSettings, NameTheOptionOfAVariable) {
  const auto error = [](const char* name) {
    return SettingsSources{.code = {.otlp = {.timeout = 1s}}, .variables = {{name, "x"}}}.error();
  };
  EXPECT_THAT(error("OTEL_EXPORTER_OTLP_TIMEOUT"), StartsWith("option 'otlp.timeout' (env"));
  EXPECT_THAT(error("OTEL_EXPORTER_OTLP_LOGS_TIMEOUT"), StartsWith("option 'otlp.timeout' (env"));
  EXPECT_THAT(error("OTEL_BLRP_SCHEDULE_DELAY"), StartsWith("option 'otlp' (env"));
}

// A value of a header is not told to anybody.
TEST(ExportSettings, KeepSecretsToThemselves) {
  const std::string toml = "[otlp]\nendpoint = 'http://localhost:1'\n[otlp.headers]\n";
  EXPECT_EQ(
      toml_error(toml + "authorization = 83920"),
      "option 'otlp.headers.authorization' (waybill.toml:4): the value of a header is a text");
  for (const std::string value : {"\"a\\u0000secret\"", "\"a\\nsecret\""}) {
    const std::string error =
        error_of([&] { make_exporters(from_toml(toml + "authorization = " + value).traces); });
    EXPECT_THAT(error, StartsWith("option 'otlp.headers"));
    EXPECT_THAT(error, Not(HasSubstr("secret")));
  }
}

std::string error_of_exporters(const SettingsSources& sources) {
  const Settings settings = sources.read();
  return error_of([&] {
    make_exporters(settings.log);
    make_exporters(settings.traces);
    make_exporters(settings.metrics);
  });
}

TEST(Exporters, NameTheOptionThatIsInTheWay) {
  const SettingsFolder folder;
  const std::string blocked = folder.write("blocked", "") + "/a";
  const Case cases[] = {
      {{.code = {.otlp = {.endpoint = "collector"}}},
       "option 'otlp.endpoint' (in code): 'collector' is not valid: expected a URL"},
      {{.variables = {{"OTEL_EXPORTER_OTLP_ENDPOINT", "collector"}}},
       "option 'otlp.endpoint' (environment variable OTEL_EXPORTER_OTLP_ENDPOINT): 'collector'"},
      {{.variables = {{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "collector"}}},
       "option 'otlp.metrics_endpoint' (environment variable "
       "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT): 'collector' is not valid"},
      {{.code = {.otlp = {.endpoint = "http://c"}},
        .variables = {{"OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"}}},
       "option 'otlp.protocol' (environment variable OTEL_EXPORTER_OTLP_PROTOCOL): 'grpc' is not "
       "valid: expected http/protobuf or http/json, unless the program links waybill::otlp_grpc"},
      {{.code = {.otlp = {.logs_endpoint = "http://c"}},
        .variables = {{"OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere"},
                      {"OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE", "/nowhere/either"}}},
       "option 'otlp.ca_file' (environment variable OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE): "
       "'/nowhere/either' is not valid: expected a file that can be read"},
      {{.code = {.traces = {.exporters = {{SpanExporterName::kOtlp}}},
                 .otlp = {.client_key_file = "/proc/self/exe"}}},
       "option 'otlp.client_key_file' (in code): '/proc/self/exe' is not valid: expected "
       "client_certificate_file beside it"},
      {{.code = {.traces = {.exporters = {{SpanExporterName::kOtlp}}}, .otlp = {.spool = blocked}}},
       "option 'otlp.spool' (in code): '" + blocked},
      {{.code = {.traces = {.exporters = {{SpanExporterName::kZipkin}}},
                 .otlp = {.spool = blocked}}},
       "option 'otlp.spool' (in code): '" + blocked},
      {{.code = {.traces = {.exporters = {{SpanExporterName::kZipkin}}, .zipkin_endpoint = "z"}}},
       "option 'traces.zipkin_endpoint' (in code): 'z' is not valid: expected a URL"},
      {{.code = {.traces = {.file = blocked}}}, "option 'traces.file' (in code): "},
      {{.code = {.metrics = {.file = blocked}}}, "option 'metrics.file' (in code): "},
  };
  for (const auto& [sources, expected] : cases) {
    EXPECT_THAT(error_of_exporters(sources), StartsWith(expected));
  }
}

TEST(Exporters, AreThoseThatAreNamed) {
  const SettingsFolder folder;
  const auto names = [](const auto& exporters) {
    std::vector<std::string> all;
    for (const auto& exporter : exporters) all.push_back(exporter->name());
    return all;
  };
  const Settings settings =
      SettingsSources{
          .code = {.traces = {.exporters = {{SpanExporterName::kOtlp, SpanExporterName::kConsole,
                                             SpanExporterName::kZipkin}},
                              .file = folder / "t",
                              .own_exporters = {memory_span_exporter()},
                              .zipkin_endpoint = "http://z:1/spans"},
                   .metrics = {.exporters = {{MetricExporterName::kPrometheus,
                                              MetricExporterName::kConsole}},
                               .file = folder / "m"},
                   .otlp = {.endpoint = "http://c:1/x"}}}
          .read();
  EXPECT_THAT(
      names(make_exporters(settings.traces)),
      ElementsAre("memory", HasSubstr("http://c:1/x/v1/traces"), HasSubstr("standard output"),
                  HasSubstr("http://z:1/spans"), HasSubstr(folder / "t")));
  EXPECT_THAT(names(make_exporters(settings.metrics)),
              ElementsAre(HasSubstr("standard output"), HasSubstr(folder / "m")));
  const std::vector<LogOutput> outputs = make_exporters(settings.log);
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_THAT(outputs.front().records->name(), HasSubstr("http://c:1/x/v1/logs"));
  EXPECT_THAT(make_exporters(from_toml("metrics.exporters = 'prometheus'").metrics), IsEmpty());
}

}  // namespace
}  // namespace waybill::internal
