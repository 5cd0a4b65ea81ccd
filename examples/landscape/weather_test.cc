#include "weather.h"

#include <chrono>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

#include <waybill/core/error.h>

namespace landscape {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr WeatherKind kKinds[] = {WeatherKind::kDrizzle, WeatherKind::kFog, WeatherKind::kRain,
                                  WeatherKind::kSnow, WeatherKind::kSun};

nlohmann::json rainy_day() {
  return {{"station", "Seattle"}, {"date", "2015-01-15"}, {"precipitation_mm", 9.7},
          {"temp_max_c", 7.8},    {"temp_min_c", 1.1},    {"wind_m_s", 3.2},
          {"kind", "rain"},       {"distance_km", 44.2}};
}

TEST(WeatherKind, HasANameThatReadsBack) {
  for (const WeatherKind kind : kKinds) EXPECT_EQ(weather_kind_from(name_of(kind)), kind);
  EXPECT_EQ(name_of(WeatherKind::kFog), "fog");
}

TEST(WeatherKind, OtherNamesAreNone) {
  for (const char* name : {"", "Rain", "hail", "rain "})
    EXPECT_FALSE(weather_kind_from(name)) << name;
}

TEST(IsoDate, IsWrittenWithLeadingZeros) {
  EXPECT_EQ(iso_date(2015y / 1 / 5), "2015-01-05");
}

TEST(IsoDate, ReadsOnlyDaysThatExist) {
  EXPECT_EQ(parse_iso_date("2012-02-29"), 2012y / 2 / 29);
  for (const char* text : {"", "2015-02-29", "2015-13-01", "2015-00-10", "2015-01-00", "2015-1-15",
                           "2015/01/15", "15-01-2015", "2015-01-15T", "2015-01-+5", "20a5-01-15"}) {
    EXPECT_FALSE(parse_iso_date(text)) << text;
  }
}

RC_GTEST_PROP(IsoDate, ReadsBackWhatItWrote, ()) {
  const auto day =
      std::chrono::sys_days(1900y / 1 / 1) + std::chrono::days(*rc::gen::inRange(0, 100000));
  const std::chrono::year_month_day date = day;
  RC_ASSERT(parse_iso_date(iso_date(date)) == date);
}

TEST(WeatherJson, HasTheNamedMembers) {
  const Weather weather{"Seattle", 2015y / 1 / 15, 9.7, 7.8, 1.1, 3.2, WeatherKind::kRain, 44.2};
  EXPECT_EQ(nlohmann::json(weather), rainy_day());
}

RC_GTEST_PROP(WeatherJson, ComesBackAsItWas, ()) {
  Weather weather;
  weather.station = *rc::gen::element<std::string>("Seattle", "New York");
  weather.date =
      std::chrono::sys_days(2012y / 1 / 1) + std::chrono::days(*rc::gen::inRange(0, 1461));
  weather.precipitation_mm = *rc::gen::inRange(0, 20000) / 10.0;
  weather.temp_max_c = *rc::gen::inRange(-600, 600) / 10.0;
  weather.temp_min_c = *rc::gen::inRange(-600, 600) / 10.0;
  weather.wind_m_s = *rc::gen::inRange(0, 1500) / 10.0;
  weather.kind =
      *rc::gen::elementOf(std::vector<WeatherKind>(std::begin(kKinds), std::end(kKinds)));
  weather.distance_km = *rc::gen::inRange(0, 20000000) / 1000.0;
  RC_ASSERT(nlohmann::json::parse(nlohmann::json(weather).dump()).get<Weather>() == weather);
}

TEST(WeatherJson, NamesAMissingMember) {
  const nlohmann::json whole = rainy_day();
  for (const auto& [name, value] : whole.items()) {
    nlohmann::json json = whole;
    json.erase(name);
    EXPECT_THAT([&] { json.get<Weather>(); },
                ThrowsMessage<waybill::Error>(AllOf(HasSubstr(name), HasSubstr("missing"))));
  }
}

TEST(WeatherJson, RefusesWhatNoWeatherIs) {
  const std::pair<const char*, nlohmann::json> wrong[] = {
      {"station", 1},       {"date", "2015-02-30"}, {"date", 20150115},  {"precipitation_mm", -0.1},
      {"temp_max_c", 1000}, {"temp_min_c", "cold"}, {"wind_m_s", 1e300}, {"kind", "sunny"},
      {"kind", nullptr},    {"distance_km", -1}};
  for (const auto& [name, value] : wrong) {
    nlohmann::json json = rainy_day();
    json[name] = value;
    EXPECT_THAT([&] { json.get<Weather>(); }, ThrowsMessage<waybill::Error>(HasSubstr(name)))
        << json;
  }
}

}  // namespace
}  // namespace landscape
