#include "observations.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>

#include "internal/csv.h"

namespace landscape {
namespace {

using std::chrono::year_month_day;

// The table names cities; these are the cities' centres.
constexpr std::array<Station, 2> kStations{{
    {"New York", 40.7128, -74.0060},
    {"Seattle", 47.6062, -122.3321},
}};

Weather read_weather(const internal::CsvRow& row) {
  Weather weather;
  weather.station = row.text(0);
  const auto date = parse_iso_date(row.text(1));
  if (!date) row.reject(1, "a day such as 2015-01-15");
  weather.date = *date;
  weather.precipitation_mm = row.number(2, 0, 2000);
  weather.temp_max_c = row.number(3, -100, 70);
  weather.temp_min_c = row.number(4, -100, 70);
  weather.wind_m_s = row.number(5, 0, 150);
  const auto kind = weather_kind_from(row.text(6));
  if (!kind) row.reject(6, "drizzle, fog, rain, snow or sun");
  weather.kind = *kind;
  return weather;
}

// The day to look for, in a year that need not be a leap year; nothing when there is no such day.
std::optional<year_month_day> day_of(int year, unsigned month, unsigned day) {
  // Beyond these, chrono's narrow types would wrap around to some other day.
  if (year < 1 || year > 9999 || month > 12 || day > 31) return std::nullopt;
  year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!date.ok() && month == 2 && day == 29) {
    date = date.year() / std::chrono::February / 28;
  }
  if (!date.ok()) return std::nullopt;
  return date;
}

}  // namespace

Observations Observations::load(const std::filesystem::path& file) {
  Observations observations;
  for (const Station& station : kStations) observations.series_.push_back({station, {}});
  internal::read_csv(file, "station,date,precipitation_mm,temp_max_c,temp_min_c,wind_m_s,kind",
                     [&observations](const internal::CsvRow& row) {
                       const auto series =
                           std::ranges::find(observations.series_, row.text(0),
                                             [](const Series& each) { return each.station.name; });
                       if (series == observations.series_.end())
                         row.reject(0, "Seattle or New York");
                       Weather weather = read_weather(row);
                       const std::chrono::sys_days day = weather.date;
                       if (!series->by_day.emplace(day, std::move(weather)).second) {
                         row.reject(1, "one row for each station and day");
                       }
                     });
  std::erase_if(observations.series_, [](const Series& each) { return each.by_day.empty(); });
  return observations;
}

std::optional<Weather> Observations::Series::on(int year, unsigned month, unsigned day) const {
  const auto date = day_of(year, month, day);
  if (!date) return std::nullopt;
  const auto found = by_day.find(*date);
  if (found == by_day.end()) return std::nullopt;
  return found->second;
}

std::optional<Weather> Observations::Series::latest(unsigned month, unsigned day) const {
  const year_month_day first = by_day.begin()->first;
  const year_month_day last = by_day.rbegin()->first;
  for (int year = static_cast<int>(last.year()); year >= static_cast<int>(first.year()); --year) {
    auto weather = on(year, month, day);
    // In a year without a 29 February, on() answers with the 28th.
    if (weather && static_cast<unsigned>(weather->date.day()) == day) return weather;
  }
  return std::nullopt;
}

std::optional<Weather> Observations::nearest(const Location& place, unsigned month, unsigned day,
                                             std::optional<int> year) const {
  const Series* best = nullptr;
  double best_km = std::numeric_limits<double>::infinity();
  for (const Series& each : series_) {
    const double km =
        distance_km(place.latitude, place.longitude, each.station.latitude, each.station.longitude);
    if (km < best_km) {
      best = &each;
      best_km = km;
    }
  }
  if (best == nullptr) return std::nullopt;
  auto weather = year ? best->on(*year, month, day) : best->latest(month, day);
  if (weather) weather->distance_km = best_km;
  return weather;
}

}  // namespace landscape
