#include "internal/place.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace landscape::internal {
namespace {

using std::string_view;

bool is_one_of(string_view state, string_view states) {
  return state.size() == 2 && states.find(state) != string_view::npos;
}

bool is_subtropical(const Location& at) {
  return at.state == "FL" && at.latitude < 28.5;
}

Relief relief_of(const Location& at) {
  const string_view state = at.state;
  if (is_one_of(state, "HI PR GU VI AS MP FM MH PW")) return Relief::kIsland;
  if (is_one_of(state, "AZ NM NV")) return Relief::kDesert;
  if (state == "TX" && at.longitude < -102) return Relief::kDesert;
  if (state == "CA" && at.latitude < 36 && at.longitude > -117.5) return Relief::kDesert;
  if (is_one_of(state, "WA OR CO UT MT ID WY AK CA")) return Relief::kMountains;
  if (is_one_of(state, "NY PA VT NH ME MA CT WV VA NC SC GA TN KY AR")) return Relief::kHills;
  return Relief::kPlains;
}

Tree tree_of(const Location& at, Relief relief) {
  if (relief == Relief::kIsland || is_subtropical(at)) return Tree::kPalm;
  if (relief == Relief::kDesert) return Tree::kSaguaro;
  if (relief == Relief::kMountains || at.latitude > 46.5) return Tree::kConifer;
  return Tree::kBroadleaf;
}

Landmark landmark_of(const Location& at) {
  constexpr std::array<std::pair<string_view, Landmark>, 28> kCities{{
      {"Seattle WA", Landmark::kNeedle},        {"New York NY", Landmark::kSpire},
      {"Saint Louis MO", Landmark::kArch},      {"Chicago IL", Landmark::kTowers},
      {"Los Angeles CA", Landmark::kTowers},    {"San Francisco CA", Landmark::kTowers},
      {"Houston TX", Landmark::kTowers},        {"Dallas TX", Landmark::kTowers},
      {"Austin TX", Landmark::kTowers},         {"Denver CO", Landmark::kTowers},
      {"Boston MA", Landmark::kTowers},         {"Philadelphia PA", Landmark::kTowers},
      {"Pittsburgh PA", Landmark::kTowers},     {"Atlanta GA", Landmark::kTowers},
      {"Miami FL", Landmark::kTowers},          {"Detroit MI", Landmark::kTowers},
      {"Minneapolis MN", Landmark::kTowers},    {"Portland OR", Landmark::kTowers},
      {"Phoenix AZ", Landmark::kTowers},        {"Las Vegas NV", Landmark::kNeedle},
      {"Honolulu HI", Landmark::kTowers},       {"Brooklyn NY", Landmark::kSpire},
      {"Kansas City MO", Landmark::kTowers},    {"Cleveland OH", Landmark::kTowers},
      {"Salt Lake City UT", Landmark::kTowers}, {"Nashville TN", Landmark::kTowers},
      {"San Diego CA", Landmark::kTowers},      {"Charlotte NC", Landmark::kTowers},
  }};
  const std::string name = at.city + " " + at.state;
  const auto found =
      std::ranges::find(kCities, string_view(name), [](const auto& city) { return city.first; });
  return found == kCities.end() ? Landmark::kNone : found->second;
}

}  // namespace

Place place_of(const Location& location) {
  Place place;
  place.relief = relief_of(location);
  place.tree = tree_of(location, place.relief);
  place.landmark = landmark_of(location);
  place.volcano = is_one_of(location.state, "WA OR HI");
  place.tropical = place.relief == Relief::kIsland || is_subtropical(location);
  return place;
}

}  // namespace landscape::internal
