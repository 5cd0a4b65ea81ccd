#include "location.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nlohmann/json.hpp>

#include "internal/json_members.h"

namespace landscape {

double distance_km(double latitude_a, double longitude_a, double latitude_b, double longitude_b) {
  constexpr double kEarthRadiusKm = 6371.0088;
  constexpr double kRadians = std::numbers::pi / 180;
  const double half_north = std::sin((latitude_b - latitude_a) * kRadians / 2);
  const double half_east = std::sin((longitude_b - longitude_a) * kRadians / 2);
  const double haversine = half_north * half_north + std::cos(latitude_a * kRadians) *
                                                         std::cos(latitude_b * kRadians) *
                                                         half_east * half_east;
  return 2 * kEarthRadiusKm * std::asin(std::sqrt(std::clamp(haversine, 0.0, 1.0)));
}

void to_json(nlohmann::json& json, const Location& location) {
  json = {{"zip", location.zip},
          {"city", location.city},
          {"state", location.state},
          {"latitude", location.latitude},
          {"longitude", location.longitude}};
}

void from_json(const nlohmann::json& json, Location& location) {
  location.zip = internal::text_member(json, "zip");
  location.city = internal::text_member(json, "city");
  location.state = internal::text_member(json, "state");
  location.latitude = internal::number_member(json, "latitude", -90, 90);
  location.longitude = internal::number_member(json, "longitude", -180, 180);
}

}  // namespace landscape
