#include <string>
#include <variant>

#include <gtest/gtest.h>

#include <waybill/init/internal/default_resource.h>
#include <waybill/init/internal/precedence_fixture.h>

namespace waybill::internal {
namespace {

std::string attribute(const Settings& settings, const char* key) {
  const std::string* value = find_attribute(settings.resource, key);
  return value != nullptr ? *value : "none";
}

// The beginning of a line tells the formats apart.
std::string line_of(const Settings& settings) {
  std::string line;
  settings.log.outputs.at(0).format->format({.message = "m"}, line);
  return line.substr(0, 6);
}

std::string place_of_records(const Settings& settings) {
  if (!settings.log.made_outputs.empty()) return "made";
  std::string places;
  for (const OutputSettings& output : settings.log.outputs) {
    if (const auto* stream = std::get_if<StandardStream>(&output.sink)) {
      places += "stream " + std::to_string(stream->descriptor) + ";";
    } else if (const auto* file = std::get_if<FileSinkOptions>(&output.sink)) {
      places += file->path + ";";
    } else {
      places += std::holds_alternative<SyslogOptions>(output.sink) ? "syslog;" : "journald;";
    }
  }
  return places;
}

TEST(Precedence, OfGeneralOptions) {
  const auto disabled = [](const Settings& s) { return text_of(s.disabled); };
  expect_precedence({
      {"disabled",
       [](InitOptions& o) { o.disabled = false; },
       "disabled = true",
       {{"OTEL_SDK_DISABLED", "false"}},
       disabled,
       {"false", "true", "false", "false"}},
      {"disabled by a variable",
       [](InitOptions& o) { o.disabled = false; },
       "",
       {{"OTEL_SDK_DISABLED", "TRUE"}},
       disabled,
       {"false", "true", "true", "false"}},
      {"service_instance_id",
       [](InitOptions& o) { o.service_instance_id = false; },
       "service_instance_id = true",
       {},
       [](const Settings& s) { return text_of(attribute(s, "service.instance.id").size()); },
       {"4", "36", "4", "4"}},
  });
}

TEST(Precedence, OfTheResource) {
  const auto service = [](const Settings& s) { return s.service; };
  const auto attribute_of_code = [](const char* key) {
    return [key](InitOptions& o) { o.resource.assign(1, {key, "c"}); };
  };
  expect_precedence({
      {"service",
       [](InitOptions& o) { o.service = "c"; },
       "service = 'f'",
       {{"OTEL_SERVICE_NAME", "e"}},
       service,
       {"c", "f", "e", default_service_name()}},
      {"service by its attribute",
       attribute_of_code("service.name"),
       "[resource]\nservice.name = 'f'",
       {{"OTEL_RESOURCE_ATTRIBUTES", "service.name=e"}},
       service,
       {"c", "f", "e", default_service_name()}},
      {"an attribute",
       attribute_of_code("service.version"),
       "[resource]\n'service.version' = 'f'",
       {{"OTEL_RESOURCE_ATTRIBUTES", "service.version=e"}},
       [](const Settings& s) { return attribute(s, "service.version"); },
       {"c", "f", "e", "none"}},
  });
}

TEST(Precedence, OfLevelsAndFormats) {
  expect_precedence({
      {"level",
       [](InitOptions& o) { o.log.level = Level::kError; },
       "log.level = 'warn'",
       {},
       [](const Settings& s) { return std::string(level_name(s.log.level)); },
       {"ERROR", "WARN", "INFO", "INFO"}},
      {"levels",
       [](InitOptions& o) { o.log.levels = "waybill=error"; },
       "log.levels = {waybill = 'warn'}",
       {{"OTEL_LOG_LEVEL", "debug"}},
       [](const Settings& s) { return s.log.levels; },
       {"waybill=error", "waybill=warn", "waybill=debug", ""}},
      {"format",
       [](InitOptions& o) { o.log.format = LogFormatName::kLogfmt; },
       "log.format = 'text'",
       {{"WAYBILL_LOG_FORMAT", "ecs"}},
       line_of,
       {"time=1", "[1970-", R"({"@tim)", R"({"time)"}},
  });
}

TEST(Precedence, OfThePlaceOfRecords) {
  expect_precedence({
      {"sink",
       [](InitOptions& o) { o.log.sink = LogSinkName::kStderr; },
       "log.sink = 'stdout'",
       {{"WAYBILL_LOG_SINK", "syslog"}},
       place_of_records,
       {"stream 2;", "stream 1;", "syslog;", "stream 2;"}},
      {"file",
       [](InitOptions& o) { o.log.file = "c.log"; },
       "log.file = 'f.log'",
       {{"WAYBILL_LOG_FILE", "e.log"}},
       place_of_records,
       {"c.log;", "f.log;", "e.log;", "stream 2;"}},
      {"outputs",
       [](InitOptions& o) {
         o.log.outputs.push_back({text_format(), stderr_sink()});
       },
       "[[log.output]]\nsink = 'stdout'\n[[log.output]]\nsink = 'journald'",
       {{"WAYBILL_LOG_FILE", "e.log"}},
       place_of_records,
       {"made", "stream 1;journald;", "e.log;", "stream 2;"}},
      {"one kind in each source",
       [](InitOptions& o) { o.log.file = "c.log"; },
       "[[log.output]]\nsink = 'stdout'",
       {{"WAYBILL_LOG_SINK", "journald"}},
       place_of_records,
       {"c.log;", "stream 1;", "journald;", "stream 2;"}},
  });
}

TEST(Precedence, OfTheServiceIsThatOfItsSourceWhicheverNameItHas) {
  EXPECT_EQ(from_variables({{"OTEL_SERVICE_NAME", "name"},
                            {"OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute"}})
                .service,
            "name");
  EXPECT_EQ(from_toml("service = 'name'\n[resource]\n'service.name' = 'attribute'").service,
            "name");
  const SettingsSources both{.toml = "resource.service.name = 'file'",
                             .variables = {{"OTEL_SERVICE_NAME", "environment"}}};
  EXPECT_EQ(both.read().service, "file");
}

TEST(Precedence, OfTheFileIsCodeThenTheEnvironment) {
  const SettingsFolder folder;
  const std::string one = folder.write("one.toml", "service = 'one'");
  const std::string two = folder.write("two.toml", "service = 'two'");
  const Variables names_two = {{"WAYBILL_CONFIG", two}};
  EXPECT_EQ(SettingsSources{.variables = names_two}.read().service, "two");
  EXPECT_EQ((SettingsSources{.code = {.file = one}, .variables = names_two}.read().service), "one");
  EXPECT_EQ((SettingsSources{.code = {.file = ""}, .variables = names_two}.read().service),
            default_service_name());
}

TEST(Precedence, OfAnEmptyVariableIsThatOfNone) {
  const Settings settings = from_variables({{"OTEL_SERVICE_NAME", ""},
                                            {"OTEL_RESOURCE_ATTRIBUTES", ""},
                                            {"OTEL_SDK_DISABLED", ""},
                                            {"OTEL_LOG_LEVEL", ""},
                                            {"WAYBILL_CONFIG", ""},
                                            {"WAYBILL_LOG", ""},
                                            {"WAYBILL_PIPELINE_RING_BYTES", ""}});
  EXPECT_EQ(settings.service, default_service_name());
  EXPECT_EQ(settings.pipeline.ring_bytes, PipelineOptions().ring_bytes);
}

}  // namespace
}  // namespace waybill::internal
