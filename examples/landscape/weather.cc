#include "weather.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include <nlohmann/json.hpp>

#include <waybill/core/error.h>

#include "internal/json_members.h"

namespace landscape {
namespace {

constexpr std::array<std::pair<WeatherKind, std::string_view>, 5> kNames{{
    {WeatherKind::kDrizzle, "drizzle"},
    {WeatherKind::kFog, "fog"},
    {WeatherKind::kRain, "rain"},
    {WeatherKind::kSnow, "snow"},
    {WeatherKind::kSun, "sun"},
}};

// The number that is all of `digits`.
std::optional<int> parse_digits(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return number;
}

}  // namespace

std::string_view name_of(WeatherKind kind) {
  for (const auto& [value, name] : kNames) {
    if (value == kind) return name;
  }
  return "unknown";
}

std::optional<WeatherKind> weather_kind_from(std::string_view name) {
  for (const auto& [kind, known] : kNames) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

std::string iso_date(std::chrono::year_month_day date) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::optional<std::chrono::year_month_day> parse_iso_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = parse_digits(text.substr(0, 4));
  const std::optional<int> month = parse_digits(text.substr(5, 2));
  const std::optional<int> day = parse_digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return date;
}

void to_json(nlohmann::json& json, const Weather& weather) {
  json = {{"station", weather.station},
          {"date", iso_date(weather.date)},
          {"precipitation_mm", weather.precipitation_mm},
          {"temp_max_c", weather.temp_max_c},
          {"temp_min_c", weather.temp_min_c},
          {"wind_m_s", weather.wind_m_s},
          {"kind", name_of(weather.kind)},
          {"distance_km", weather.distance_km}};
}

void from_json(const nlohmann::json& json, Weather& weather) {
  weather.station = internal::text_member(json, "station");
  weather.precipitation_mm = internal::number_member(json, "precipitation_mm", 0, 2000);
  weather.temp_max_c = internal::number_member(json, "temp_max_c", -100, 70);
  weather.temp_min_c = internal::number_member(json, "temp_min_c", -100, 70);
  weather.wind_m_s = internal::number_member(json, "wind_m_s", 0, 150);
  weather.distance_km = internal::number_member(json, "distance_km", 0, 20100);

  const std::string date = internal::text_member(json, "date");
  const auto day = parse_iso_date(date);
  if (!day) throw waybill::Error::bad_option("date", date, "a day such as 2015-01-15");
  weather.date = *day;

  const std::string name = internal::text_member(json, "kind");
  const auto kind = weather_kind_from(name);
  if (!kind) throw waybill::Error::bad_option("kind", name, "drizzle, fog, rain, snow or sun");
  weather.kind = *kind;
}

}  // namespace landscape
