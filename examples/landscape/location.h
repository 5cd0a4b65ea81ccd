// Location: where a ZIP code is, and how far two places are from each other.
//
// One gets a Location from the table (zip_codes.h) or out of a message, as JSON:
//
//   {"zip": "98101", "city": "Seattle", "state": "WA", "latitude": 47.43, "longitude": -121.8}
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace landscape {

struct Location {
  std::string zip;       // five digits
  std::string city;      // UTF-8
  std::string state;     // two letters
  double latitude = 0;   // degrees, north positive, WGS 84
  double longitude = 0;  // degrees, east positive

  friend bool operator==(const Location&, const Location&) = default;
};

// The great-circle distance in km on a sphere of the Earth's mean radius, which is right to 0.5 %.
double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b);

// For nlohmann::json. Reading throws waybill::Error when a member is missing, of another type or
// out of range; `location` is then unspecified.
void to_json(nlohmann::json& json, const Location& location);
void from_json(const nlohmann::json& json, Location& location);

}  // namespace landscape
