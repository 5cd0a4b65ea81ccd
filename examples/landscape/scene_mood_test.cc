#include <chrono>
#include <cmath>

#include <gtest/gtest.h>

#include "internal/mood.h"
#include "internal/place.h"

namespace landscape::internal {
namespace {

using namespace std::chrono_literals;

Location at(const char* city, const char* state, double latitude, double longitude) {
  return {"12345", city, state, latitude, longitude};
}

const Location kSeattle = at("Seattle", "WA", 47.4, -121.8);

Mood mood_on(std::chrono::year_month_day date, double celsius, WeatherKind kind = WeatherKind::kSun,
             const Location& place = kSeattle, double wind = 3) {
  return mood_of({"Seattle", date, 5, celsius, celsius, wind, kind, 0}, place, false, 1200);
}

TEST(Place, FollowsTheCountry) {
  struct Case {
    Location location;
    Relief relief;
    Tree tree;
    Landmark landmark;
  };
  const Case cases[] = {
      {kSeattle, Relief::kMountains, Tree::kConifer, Landmark::kNeedle},
      {at("New York", "NY", 40.7, -74), Relief::kHills, Tree::kBroadleaf, Landmark::kSpire},
      {at("Saint Louis", "MO", 38.6, -90.2), Relief::kPlains, Tree::kBroadleaf, Landmark::kArch},
      {at("Phoenix", "AZ", 33.7, -112.3), Relief::kDesert, Tree::kSaguaro, Landmark::kTowers},
      {at("Palm Springs", "CA", 33.8, -116.5), Relief::kDesert, Tree::kSaguaro, Landmark::kNone},
      {at("El Paso", "TX", 31.8, -106.4), Relief::kDesert, Tree::kSaguaro, Landmark::kNone},
      {at("Dallas", "TX", 32.8, -96.8), Relief::kPlains, Tree::kBroadleaf, Landmark::kTowers},
      {at("Honolulu", "HI", 21.3, -157.9), Relief::kIsland, Tree::kPalm, Landmark::kTowers},
      {at("Miami", "FL", 25.8, -80.2), Relief::kPlains, Tree::kPalm, Landmark::kTowers},
      {at("Fargo", "ND", 46.9, -96.8), Relief::kPlains, Tree::kConifer, Landmark::kNone},
      {at("Nowhere", "", 0, 0), Relief::kPlains, Tree::kBroadleaf, Landmark::kNone},
  };
  for (const Case& each : cases) {
    const Place place = place_of(each.location);
    EXPECT_EQ(place.relief, each.relief) << each.location.city;
    EXPECT_EQ(place.tree, each.tree) << each.location.city;
    EXPECT_EQ(place.landmark, each.landmark) << each.location.city;
  }
}

TEST(Mood, FollowsTheSeasons) {
  EXPECT_EQ(mood_on(2015y / 1 / 15, 5).season, Season::kWinter);
  EXPECT_EQ(mood_on(2015y / 4 / 15, 12).season, Season::kSpring);
  EXPECT_EQ(mood_on(2015y / 3 / 5, 0).season, Season::kWinter);
  EXPECT_EQ(mood_on(2015y / 7 / 15, 25).season, Season::kSummer);
  EXPECT_EQ(mood_on(2015y / 9 / 10, 20).season, Season::kSummer);
  EXPECT_EQ(mood_on(2015y / 10 / 15, 10).season, Season::kAutumn);
  EXPECT_EQ(mood_on(2015y / 1 / 15, 25, WeatherKind::kSun, at("Hilo", "HI", 19.7, -155)).season,
            Season::kSummer);
}

TEST(Mood, LiesUnderSnowWhenItSnowsOrFreezes) {
  EXPECT_EQ(mood_on(2015y / 1 / 15, 1, WeatherKind::kSnow).snow_cover, 1);
  EXPECT_GT(mood_on(2015y / 1 / 15, -10).snow_cover, 0.5);
  EXPECT_GT(mood_on(2015y / 1 / 15, -10).ice, 0.5);
  EXPECT_EQ(mood_on(2015y / 1 / 15, 10).snow_cover, 0);
  EXPECT_LT(mood_on(2015y / 1 / 15, -10).snow_line, mood_on(2015y / 7 / 15, 25).snow_line);
}

TEST(Mood, HasAHigherSunInSummerAndInTheSouth) {
  const double winter = mood_on(2015y / 12 / 21, 5).lamp.y;
  const double summer = mood_on(2015y / 6 / 21, 5).lamp.y;
  EXPECT_GT(winter, summer + 50);
  EXPECT_GT(winter,
            mood_on(2015y / 12 / 21, 5, WeatherKind::kSun, at("Miami", "FL", 25.8, -80)).lamp.y);
}

TEST(Mood, KnowsTheMoon) {
  // Full on 5 January 2015, new on 20 January.
  EXPECT_NEAR(mood_on(2015y / 1 / 5, 5).moon_age, 0.5, 0.05);
  const double age = mood_on(2015y / 1 / 20, 5).moon_age;
  EXPECT_LT(std::fmin(age, 1 - age), 0.05);
}

TEST(Mood, BendsWithTheWindAndNoFurtherThanItCan) {
  const auto lean = [](double wind) {
    return std::fabs(mood_on(2015y / 1 / 5, 5, WeatherKind::kSun, kSeattle, wind).lean);
  };
  EXPECT_EQ(lean(0), 0);
  EXPECT_GT(lean(10), lean(4));
  EXPECT_EQ(lean(60), 1);
  EXPECT_EQ(lean(std::nan("")), 0);
}

TEST(Mood, KeepsThePlaceTheSameFromDayToDay) {
  const Mood one = mood_on(2015y / 1 / 5, 5);
  const Mood other = mood_on(2015y / 8 / 5, 25);
  EXPECT_EQ(one.tall_on_left, other.tall_on_left);
  EXPECT_EQ(one.lamp.x, other.lamp.x);
}

}  // namespace
}  // namespace landscape::internal
