#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <waybill/init/internal/default_resource.h>
#include <waybill/init/internal/settings_fixture.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

TEST(Settings, OfAProcessThatNobodyHasToldAnything) {
  const Settings settings = SettingsSources{}.read();
  EXPECT_EQ(settings.service, "unknown_service:" + std::string(program_invocation_short_name));
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  EXPECT_EQ(settings.resource, (ResourceAttributes{{"host.name", host},
                                                   {"process.pid", std::to_string(getpid())},
                                                   {"telemetry.sdk.language", "cpp"},
                                                   {"telemetry.sdk.name", "waybill"},
                                                   {"telemetry.sdk.version", WAYBILL_VERSION}}));
  EXPECT_FALSE(settings.disabled);
  EXPECT_FALSE(settings.crash_handler);
}

TEST(Settings, HaveTheAttributesOfAllSources) {
  const Settings settings =
      SettingsSources{.code = {.resource = {{"a", "code"}, {"host.name", "mine"}}},
                      .toml = "[resource]\na = 'file'\nb.c = 2\nb.d.e = true\n'b.f' = 0.5",
                      .variables = {{"OTEL_RESOURCE_ATTRIBUTES", "a=environment,g=%20x"}}}
          .read();
  const auto value = [&](const char* key) {
    const std::string* found = find_attribute(settings.resource, key);
    return found != nullptr ? *found : "none";
  };
  EXPECT_EQ(value("a"), "code");
  EXPECT_EQ(value("host.name"), "mine");
  EXPECT_EQ(value("b.c"), "2");
  EXPECT_EQ(value("b.d.e"), "true");
  EXPECT_EQ(value("b.f"), "0.5");
  EXPECT_EQ(value("g"), " x");
  EXPECT_EQ(value("process.pid"), std::to_string(getpid()));
}

TEST(Settings, MakeAnInstanceIdThatIsARandomUuid) {
  const auto id = [](const std::string& toml) {
    return *find_attribute(from_toml(toml).resource, "service.instance.id");
  };
  const std::string toml = "service_instance_id = true";
  for (int i = 0; i < 32; ++i) {
    EXPECT_THAT(id(toml), MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                                       "[0-9a-f]{12}"));
  }
  EXPECT_NE(id(toml), id(toml));
  EXPECT_EQ(id(toml + "\nresource.service.instance.id = 'pod-7'"), "pod-7");
}

TEST(Settings, RaiseALimitThatIsNotSet) {
  EXPECT_EQ(from_toml("pipeline.ring_bytes = '8MiB'").pipeline.ring_bytes_limit, 8u << 20);
  EXPECT_EQ(from_toml("pipeline.ring_bytes_limit = '8KiB'").pipeline.ring_bytes, 8192u);
  EXPECT_EQ(from_toml("pipeline.shortest_sleep = '50ms'").pipeline.longest_sleep, 50ms);
  EXPECT_EQ(from_toml("pipeline.longest_sleep = '50us'").pipeline.shortest_sleep, 50us);
}

TEST(Settings, NameTheKeyThatIsUnknown) {
  EXPECT_EQ(toml_error("servce = 'a'"),
            "option 'servce' (waybill.toml:1) is not known: did you mean 'service'?");
  EXPECT_EQ(toml_error("[log]\nfromat = 'json'"),
            "option 'log.fromat' (waybill.toml:2) is not known: did you mean 'format'?");
  EXPECT_EQ(toml_error("[[log.outputs]]\nsink = 'stdout'"),
            "option 'log.outputs' (waybill.toml:1) is not known: did you mean 'output'?");
  EXPECT_EQ(
      toml_error("[pipeline]\n\nring_byte = 1"),
      "option 'pipeline.ring_byte' (waybill.toml:3) is not known: did you mean 'ring_bytes'?");
  EXPECT_EQ(toml_error("propagation.format = []"),
            "option 'propagation.format' (waybill.toml:1) is not known: did you mean 'formats'?");
}

// Each key of each section, with a value of a type or range that it does not take.
TEST(Settings, NameTheValueThatIsBad) {
  const std::pair<const char*, const char*> cases[] = {
      {"disabled = 'yes'", "option 'disabled' (waybill.toml:1): 'yes' is not valid"},
      {"service = 7", "option 'service' (waybill.toml:1): '7' is not valid"},
      {"service_instance_id = 1", "option 'service_instance_id' (waybill.toml:1): '1' is not"},
      {"resource = 'a=b'", "option 'resource' (waybill.toml:1): 'a=b' is not valid"},
      {"resource.a = []", "option 'resource.a' (waybill.toml:1): 'a list' is not valid"},
      {"resource.'' = 'x'", "option 'resource.' (waybill.toml:1): 'x' is not valid"},
      {"log = 1", "option 'log' (waybill.toml:1): '1' is not valid: expected a table"},
      {"log.format = 'jsn'",
       "option 'log.format' (waybill.toml:1): 'jsn' is not valid: expected "
       "auto, console, text, json, logfmt, gcp, ecs, datadog, otel"},
      {"log.sink = 'x'",
       "option 'log.sink' (waybill.toml:1): 'x' is not valid: expected stderr, "
       "stdout, file, syslog, journald"},
      {"log.file = ''", "option 'log.file' (waybill.toml:1): '' is not valid"},
      {"log.output = 'x'", "option 'log.output' (waybill.toml:1): 'x' is not valid"},
      {"log.output = []",
       "option 'log.output' (waybill.toml:1): 'a list' is not valid: expected "
       "at least one output"},
      {"propagation.formats = 'b4'", "option 'propagation.formats' (waybill.toml:1): 'b4' is not"},
      {"propagation.extract_formats = ['b4']", "option 'propagation.extract_formats' (wayb"},
      {"propagation.trace_id_headers = ['a b']",
       "option 'propagation.trace_id_headers' (waybill"
       ".toml:1): "},
      {"propagation.spelling = 'x'", "option 'propagation.spelling' (waybill.toml:1): 'x' is not"},
      {"propagation.travelling_fields = 1", "option 'propagation.travelling_fields' (waybill"},
      {"pipeline.synchronous = 'no'", "option 'pipeline.synchronous' (waybill.toml:1): 'no'"},
      {"pipeline.ring_bytes = '1B'",
       "option 'pipeline.ring_bytes' (waybill.toml:1): '1' is not "
       "valid: expected 4096 to 1 GiB"},
      {"pipeline.ring_bytes_limit = '2GiB'", "option 'pipeline.ring_bytes_limit' (waybill.toml:1)"},
      {"pipeline.when_full = 'stop'", "option 'pipeline.when_full' (waybill.toml:1): 'stop'"},
      {"pipeline.longest_wait = 100", "option 'pipeline.longest_wait' (waybill.toml:1): '100'"},
      {"pipeline.longest_wait = '2h'",
       "option 'pipeline.longest_wait' (waybill.toml:1): "
       "'7200000ms' is not valid: expected 0 to 1h"},
      {"pipeline.shortest_sleep = 0", "option 'pipeline.shortest_sleep' (waybill.toml:1): '0us'"},
      {"pipeline.longest_sleep = 0", "option 'pipeline.longest_sleep' (waybill.toml:1): '0us'"},
      {"pipeline.exit_timeout = '2h'", "option 'pipeline.exit_timeout' (waybill.toml:1): '7200000"},
      {"pipeline.clock = 'sundial'", "option 'pipeline.clock' (waybill.toml:1): 'sundial' is not"},
      {"pipeline.crash_handler = 1", "option 'pipeline.crash_handler' (waybill.toml:1): '1' is"},
      {"[pipeline]\nring_bytes = 65536\nring_bytes_limit = 8192",
       "option 'pipeline.ring_bytes_limit' (waybill.toml:3): is less than ring_bytes"},
      {"[pipeline]\nlongest_sleep = '1ms'\nshortest_sleep = '2ms'",
       "option 'pipeline.longest_sleep' (waybill.toml:2): is less than shortest_sleep"},
  };
  for (const auto& [toml, expected] : cases) EXPECT_THAT(toml_error(toml), StartsWith(expected));
}

TEST(Settings, NameTheVariableThatIsBad) {
  const std::pair<const char*, const char*> cases[] = {
      {"OTEL_SDK_DISABLED", "1"},
      {"OTEL_RESOURCE_ATTRIBUTES", "a=1,b"},
      {"OTEL_PROPAGATORS", "b4"},
      {"OTEL_LOG_LEVEL", "loud"},
      {"WAYBILL_LOG", "loud"},
      {"WAYBILL_LOG_FORMAT", "jsn"},
      {"WAYBILL_LOG_SINK", "printer"},
      {"WAYBILL_PIPELINE_SYNCHRONOUS", "1"},
      {"WAYBILL_PIPELINE_RING_BYTES", "x"},
      {"WAYBILL_PIPELINE_RING_BYTES_LIMIT", "x"},
      {"WAYBILL_PIPELINE_WHEN_FULL", "x"},
      {"WAYBILL_PIPELINE_LONGEST_WAIT", "5"},
      {"WAYBILL_PIPELINE_SHORTEST_SLEEP", "5"},
      {"WAYBILL_PIPELINE_LONGEST_SLEEP", "5"},
      {"WAYBILL_PIPELINE_EXIT_TIMEOUT", "5"},
      {"WAYBILL_PIPELINE_CLOCK", "x"},
      {"WAYBILL_PIPELINE_CRASH_HANDLER", "x"},
      {"OTEL_LOGS_EXPORTER", "zipkin"},
      {"OTEL_TRACES_EXPORTER", "otlp,prometheus"},
      {"OTEL_TRACES_SAMPLER", "sometimes"},
      {"OTEL_ATTRIBUTE_COUNT_LIMIT", "-1"},
      {"OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "x"},
      {"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1.5"},
      {"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1k"},
      {"OTEL_SPAN_EVENT_COUNT_LIMIT", "x"},
      {"OTEL_SPAN_LINK_COUNT_LIMIT", "x"},
      {"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "x"},
      {"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "x"},
      {"OTEL_METRICS_EXPORTER", "zipkin"},
      {"OTEL_METRICS_EXEMPLAR_FILTER", "never"},
      {"OTEL_METRIC_EXPORT_INTERVAL", "60s"},
      {"OTEL_METRIC_EXPORT_INTERVAL", "1"},
      {"OTEL_METRIC_EXPORT_TIMEOUT", "-1"},
      {"OTEL_EXPORTER_OTLP_PROTOCOL", "smoke"},
      {"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "smoke"},
      {"OTEL_EXPORTER_OTLP_TIMEOUT", "10s"},
      {"OTEL_EXPORTER_OTLP_LOGS_COMPRESSION", "zip"},
      {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "x"},
      {"OTEL_BSP_SCHEDULE_DELAY", "x"},
      {"WAYBILL_TRACES_KEEP_FAILED", "1"},
      {"WAYBILL_TRACES_KEEP_SLOWER_THAN", "2"},
      {"WAYBILL_TRACES_TAIL_MEMORY", "1KiB"},
      {"WAYBILL_METRICS_PIPELINE", "1"},
      {"WAYBILL_OTLP_SPOOL_LIMIT", "1"},
      {"WAYBILL_OTLP_QUEUE_BYTES", "1"},
      {"WAYBILL_CONFIG", "/nowhere/at/all.toml"},
  };
  for (const auto& [name, value] : cases) {
    const std::string error = SettingsSources{.variables = {{name, value}}}.error();
    EXPECT_THAT(error, HasSubstr("(environment variable " + std::string(name) + "): '"));
    EXPECT_THAT(error, HasSubstr("' is not valid: expected "));
  }
}

TEST(Settings, NameTheOptionInCodeThatIsBad) {
  const auto error = [](const InitOptions& options) {
    return SettingsSources{.code = options}.error();
  };
  EXPECT_THAT(error({.resource = {{"", "x"}}}), StartsWith("option 'resource' (in code): "));
  EXPECT_THAT(error({.log = {.file = ""}}), StartsWith("option 'log.file' (in code): "));
  EXPECT_THAT(error({.log = {.outputs = {{}}}}),
              StartsWith("option 'log.outputs' (in code): each needs a format and a sink"));
  EXPECT_THAT(error({.pipeline = {.ring_bytes = 1}}),
              StartsWith("option 'pipeline.ring_bytes' (in code): '1' is not valid"));
  EXPECT_THAT(error({.pipeline = {.exit_timeout = -1ms}}),
              StartsWith("option 'pipeline.exit_timeout' (in code): '-1ms' is not valid"));
  EXPECT_THAT(error({.propagation = {.trace_id_headers = {{"a b"}}}}),
              StartsWith("option 'propagation.trace_id_headers' (in code): "));
  EXPECT_THAT(error({.propagation = {.travelling_fields = {{""}}}}),
              StartsWith("option 'propagation.travelling_fields' (in code): "));
}

TEST(Settings, NameBothWhoDoNotGoTogether) {
  EXPECT_EQ(toml_error("[log]\nsink = 'stdout'\nfile = 'a.log'"),
            "option 'log.file' (waybill.toml:3): does not go with another sink than \"file\"");
  EXPECT_EQ(toml_error("[log]\nsink = 'file'"),
            "option 'log.sink' (waybill.toml:2): needs log.file beside it");
  EXPECT_EQ(toml_error("[log]\nfile = 'a.log'\n[[log.output]]\nsink = 'stdout'"),
            "option 'log.file' (waybill.toml:2): does not go with a list of outputs beside it");
  EXPECT_EQ(toml_error("[log]\nsink = 'stdout'\n[[log.output]]\nsink = 'stdout'"),
            "option 'log.sink' (waybill.toml:2): does not go with a list of outputs beside it");
}

TEST(Settings, OfAFileOfOnesOwnGoWithASinkThatSaysSo) {
  const Settings settings = from_toml("[log]\nsink = 'file'\nfile = 'a.log'");
  EXPECT_EQ(std::get<FileSinkOptions>(settings.log.outputs.at(0).sink).path, "a.log");
}

TEST(Settings, DoNotTakeABadOptionThatAnotherSourceWinsOver) {
  EXPECT_THAT((SettingsSources{.code = {.log = {.format = LogFormatName::kJson}},
                               .variables = {{"WAYBILL_LOG_FORMAT", "jsn"}}}
                   .error()),
              HasSubstr("WAYBILL_LOG_FORMAT"));
}

TEST(Settings, OfTheExampleAreRight) {
  const Settings settings =
      SettingsSources{.code = {.file = WAYBILL_SNIPPETS "/waybill.toml"}}.read();
  EXPECT_EQ(settings.service, "weather-fetcher");
  EXPECT_EQ(settings.log.outputs.size(), 2u);
}

}  // namespace
}  // namespace waybill::internal
