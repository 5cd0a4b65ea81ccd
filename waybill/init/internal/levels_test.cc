#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/init/internal/settings_fixture.h>

namespace waybill::internal {
namespace {

using testing::HasSubstr;

struct Levels {
  Level all;
  std::string loggers;
  friend bool operator==(const Levels&, const Levels&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Levels& levels) {
    return out << level_name(levels.all) << " " << levels.loggers;
  }
};

Levels levels_of(const SettingsSources& sources) {
  const Settings settings = sources.read();
  return {settings.log.level, settings.log.levels};
}

TEST(InitLevels, AreATextOrATable) {
  EXPECT_EQ(levels_of({.toml = "log.levels = ' debug , http = warn,http.client=off'"}),
            (Levels{Level::kDebug, "http=warn,http.client=off"}));
  EXPECT_EQ(levels_of({.toml = "[log.levels]\nhttp = 'warn'\n'http.client' = 'off'"}),
            (Levels{Level::kInfo, "http=warn,http.client=off"}));
}

TEST(InitLevels, OfEachLoggerAreLookedForByThemselves) {
  EXPECT_EQ(levels_of({.code = {.log = {.levels = "a=error"}},
                       .toml = "log.level = 'warn'\nlog.levels = {a = 'debug', b = 'debug'}",
                       .variables = {{"OTEL_LOG_LEVEL", "trace"}}}),
            (Levels{Level::kWarn, "waybill=trace,a=error,b=debug"}));
}

TEST(InitLevels, AtTheEndOneHasTheLastWord) {
  const InitOptions code = {.log = {.level = Level::kError, .levels = "a=error,b=off"}};
  EXPECT_EQ(levels_of({.code = code, .variables = {{"WAYBILL_LOG", "a=debug"}}}),
            (Levels{Level::kError, "a=debug,b=off"}));
  EXPECT_EQ(levels_of({.code = code, .variables = {{"WAYBILL_LOG", "debug"}}}),
            (Levels{Level::kDebug, ""}));
  EXPECT_EQ(levels_of({.code = code, .variables = {{"WAYBILL_LOG", "info,http=debug"}}}),
            (Levels{Level::kInfo, "http=debug"}));
}

TEST(InitLevels, OfOpenTelemetryAreForTheLibraryItself) {
  const auto own = [](const char* value) {
    return from_variables({{"OTEL_LOG_LEVEL", value}}).log.levels;
  };
  EXPECT_EQ(own("WARN"), "waybill=warn");
  EXPECT_EQ(own("none"), "waybill=off");
  EXPECT_EQ(own("verbose"), "waybill=trace");
  EXPECT_EQ(own("ALL"), "waybill=trace");
}

TEST(InitLevels, SayWhatIsWrongWithThem) {
  EXPECT_THAT((SettingsSources{.code = {.log = {.levels = "info,http=loud"}}}.error()),
              HasSubstr("option 'log.levels' (in code): 'http=loud' is not valid: expected trace"));
  EXPECT_THAT((SettingsSources{.variables = {{"WAYBILL_LOG", "inof"}}}.error()),
              HasSubstr("option 'log.levels' (environment variable WAYBILL_LOG): 'inof' is not"));
  EXPECT_THAT((SettingsSources{.variables = {{"OTEL_LOG_LEVEL", "loud"}}}.error()),
              HasSubstr("(environment variable OTEL_LOG_LEVEL): 'loud' is not valid"));
  EXPECT_THAT(toml_error("log.level = 'inof'"),
              HasSubstr("option 'log.level' (waybill.toml:1): 'inof' is not valid"));
  EXPECT_THAT(toml_error("[log.levels]\nhttp = 'loud'"),
              HasSubstr("option 'log.levels.http' (waybill.toml:2): 'loud' is not valid"));
  EXPECT_THAT(toml_error("[log.levels]\n'a,b' = 'info'"), HasSubstr("'a,b' is not valid"));
  EXPECT_THAT(toml_error("[log.levels]\n'a=b' = 'info'"), HasSubstr("'a=b' is not valid"));
  EXPECT_THAT(toml_error("[log.levels]\n' a' = 'info'"), HasSubstr("' a' is not valid"));
  EXPECT_THAT(toml_error("log.levels = '=info'"), HasSubstr("'=info' is not valid"));
  EXPECT_THAT(toml_error("log.levels = 3"), HasSubstr("'3' is not valid: expected a table"));
}

}  // namespace
}  // namespace waybill::internal
