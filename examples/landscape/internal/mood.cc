#include "internal/mood.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

namespace landscape::internal {
namespace {

constexpr double kNoSnow = 2;

// Within its range, whatever came in; what is no number counts as the least.
double within(double value, double least, double most) {
  return value > least ? std::min(value, most) : least;
}

Season season_of(const Weather& weather, const Place& place, double mean_c) {
  if (place.tropical) return Season::kSummer;
  const auto month = static_cast<unsigned>(weather.date.month());
  const auto day = static_cast<unsigned>(weather.date.day());
  if (month == 12 || month <= 2) return Season::kWinter;
  if (month <= 5) return month == 3 && mean_c < 4 ? Season::kWinter : Season::kSpring;
  if (month <= 8) return Season::kSummer;
  if (month == 9 && day < 18) return Season::kSummer;
  return mean_c < -2 ? Season::kWinter : Season::kAutumn;
}

double day_of_year(std::chrono::year_month_day date) {
  const std::chrono::sys_days first = date.year() / std::chrono::January / 1;
  return static_cast<double>((std::chrono::sys_days(date) - first).count());
}

// The sun's height at noon in degrees, from the latitude and the tilt of the Earth's axis.
double noon_altitude(const Weather& weather, double latitude) {
  const double year = (day_of_year(weather.date) + 10) / 365.25;
  const double declination = -23.44 * std::cos(2 * std::numbers::pi * year);
  return 90 - std::fabs(latitude - declination);
}

// The share of the synodic month that has passed since the new moon of 6 January 2000, 18:14 UT.
double moon_age(std::chrono::year_month_day date) {
  constexpr double kSynodicMonth = 29.530588;
  const std::chrono::sys_days then = std::chrono::year(2000) / std::chrono::January / 6;
  const double days = static_cast<double>((std::chrono::sys_days(date) - then).count()) + 0.24;
  const double months = days / kSynodicMonth;
  return months - std::floor(months);
}

void set_air(Mood& mood, const Weather& weather) {
  const double wet = within(weather.precipitation_mm, 0, 60);
  switch (mood.kind) {
    case WeatherKind::kSun:
      mood.cloud = mood.random.stream("fair").between(0.1, 0.38);
      break;
    case WeatherKind::kDrizzle:
      mood.cloud = 0.8;
      mood.rain = 0.12;
      mood.fog = 0.4;
      break;
    case WeatherKind::kRain:
      mood.cloud = 0.78 + 0.22 * smooth(0, 15, wet);
      mood.rain = 0.3 + 0.7 * std::sqrt(within(wet / 40, 0, 1));
      mood.fog = 0.25;
      break;
    case WeatherKind::kSnow:
      mood.cloud = 0.85;
      mood.snowfall = 0.35 + 0.65 * std::sqrt(within(wet / 25, 0, 1));
      mood.fog = 0.25;
      break;
    case WeatherKind::kFog:
      mood.cloud = 0.55;
      mood.fog = 1;
      break;
  }
  mood.wind = within(weather.wind_m_s / 16, 0, 1);
  mood.lean = mood.wind * mood.random.stream("wind").sign();
}

void set_temperature(Mood& mood, double mean_c, double max_c) {
  if (mood.place.tropical) {
    mood.heat = smooth(24, 38, max_c);
    mood.snow_line = kNoSnow;
    return;
  }
  mood.heat = smooth(22, 38, max_c);
  const bool mountains = mood.place.relief == Relief::kMountains;
  // A lone volcano is higher than it looks, and keeps its ice all summer.
  const double bare =
      mountains ? (mood.place.volcano ? 0.2 : 0.38) + mean_c * 0.024 : 1 + mean_c * 0.1;
  mood.snow_line = within(bare, 0.05, kNoSnow);
  mood.snow_cover = mood.kind == WeatherKind::kSnow ? 1 : 0.85 * smooth(0.5, -4, mean_c);
  mood.ice = smooth(-1, -6, max_c);
}

}  // namespace

Mood mood_of(const Weather& weather, const Location& location, bool night, double width) {
  Mood mood;
  mood.random = Random::from(location.zip + "/" + iso_date(weather.date));
  mood.place = place_of(location);
  mood.kind = weather.kind;
  mood.night = night;
  const double max_c = within(weather.temp_max_c, -60, 60);
  const double mean_c = (max_c + within(weather.temp_min_c, -60, 60)) / 2;
  mood.season = season_of(weather, mood.place, mean_c);
  set_air(mood, weather);
  set_temperature(mood, mean_c, max_c);

  const double altitude = noon_altitude(weather, within(location.latitude, -90, 90));
  mood.low_sun = 1 - smooth(5, 62, altitude);
  mood.moon_age = moon_age(weather.date);

  Random composition = Random::from(location.zip).stream("composition");
  mood.tall_on_left = composition.chance(0.5);
  const double side = composition.between(0.62, 0.76);
  mood.lamp.x = width * (mood.tall_on_left ? side : 1 - side);
  mood.lamp.y = night ? composition.between(92, 150) : blend(105, 292, mood.low_sun);
  choose_colors(mood);
  return mood;
}

}  // namespace landscape::internal
