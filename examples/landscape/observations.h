// Observations: real daily weather of Seattle and New York, 2012 to 2015, and who is nearest.
//
//   Observations observations = Observations::load("data/weather.csv");
//   observations.nearest(place, 1, 15);         // 15 January of the latest year there is
//   observations.nearest(place, 2, 29, 2013);   // no such day in 2013: 28 February
//
// Two stations are few for a continent: Weather::distance_km and Weather::station say where a
// reading comes from, for the user to be told. After loading, the table never changes, and any
// number of threads may ask.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "location.h"
#include "weather.h"

namespace landscape {

// A place at which weather is observed.
struct Station {
  std::string_view name;
  double latitude;
  double longitude;
};

class Observations {
 public:
  // Throws waybill::Error when the file cannot be read or is no such table; the text names the
  // file, the line and what was expected there.
  static Observations load(const std::filesystem::path& file);

  // What the nearest station (by great circle) observed on that day: of `year`, or of the latest
  // year that has it, which for 29 February is the latest leap year. Asked for 29 February of
  // another year it answers with the 28th. Nothing for a day that no calendar has, or that the
  // table does not cover.
  std::optional<Weather> nearest(const Location& place, unsigned month, unsigned day,
                                 std::optional<int> year = std::nullopt) const;

 private:
  struct Series {
    Station station;
    std::map<std::chrono::sys_days, Weather> by_day;

    std::optional<Weather> on(int year, unsigned month, unsigned day) const;
    std::optional<Weather> latest(unsigned month, unsigned day) const;
  };

  std::vector<Series> series_;
};

}  // namespace landscape
