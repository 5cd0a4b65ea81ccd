// Weather: what the sky did on one day, as a weather station saw it.
//
// One gets it from a table of observations (observations.h) or out of a message, as JSON:
//
//   {"station": "Seattle", "date": "2015-01-15", "precipitation_mm": 0.3, "temp_max_c": 8.9,
//    "temp_min_c": 3.9, "wind_m_s": 2.4, "kind": "rain", "distance_km": 44.2}
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace landscape {

enum class WeatherKind { kDrizzle, kFog, kRain, kSnow, kSun };

// "drizzle", "fog", "rain", "snow", "sun"
std::string_view name_of(WeatherKind kind);
std::optional<WeatherKind> weather_kind_from(std::string_view name);

struct Weather {
  std::string station;  // the city in which it was observed
  std::chrono::year_month_day date{};
  double precipitation_mm = 0;
  double temp_max_c = 0;
  double temp_min_c = 0;
  double wind_m_s = 0;
  WeatherKind kind = WeatherKind::kSun;
  double distance_km = 0;  // from the station to the place that was asked for

  friend bool operator==(const Weather&, const Weather&) = default;
};

// Dates as ISO 8601 spells them: "2015-01-15". Parsing accepts only days that exist.
std::string iso_date(std::chrono::year_month_day date);
std::optional<std::chrono::year_month_day> parse_iso_date(std::string_view text);

// For nlohmann::json. Reading throws waybill::Error when a member is missing, of another type or
// beyond what weather on Earth can be; `weather` is then unspecified.
void to_json(nlohmann::json& json, const Weather& weather);
void from_json(const nlohmann::json& json, Weather& weather);

}  // namespace landscape
