#include "observations.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>

namespace landscape {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr const char* kHeader =
    "station,date,precipitation_mm,temp_max_c,temp_min_c,wind_m_s,kind\n";
const Location kSeattle{"98101", "Seattle", "WA", 47.4323, -121.8034};
const Location kBoston{"02108", "Boston", "MA", 42.3576, -71.0651};

const Observations& table() {
  static const Observations observations =
      Observations::load(std::filesystem::path(LANDSCAPE_DATA_DIR) / "weather.csv");
  return observations;
}

TEST(Observations, GivesTheDayOfAYear) {
  const auto weather = table().nearest(kSeattle, 1, 15, 2015);
  ASSERT_TRUE(weather);
  EXPECT_EQ(weather->station, "Seattle");
  EXPECT_EQ(weather->date, 2015y / 1 / 15);
  EXPECT_EQ(weather->precipitation_mm, 9.7);
  EXPECT_EQ(weather->temp_max_c, 7.8);
  EXPECT_EQ(weather->temp_min_c, 1.1);
  EXPECT_EQ(weather->wind_m_s, 3.2);
  EXPECT_EQ(weather->kind, WeatherKind::kRain);
}

TEST(Observations, GivesTheLatestYearUnlessAsked) {
  const auto latest = table().nearest(kSeattle, 7, 4);
  ASSERT_TRUE(latest);
  EXPECT_EQ(latest->date, 2015y / 7 / 4);
  const auto earlier = table().nearest(kSeattle, 7, 4, 2013);
  ASSERT_TRUE(earlier);
  EXPECT_EQ(earlier->date, 2013y / 7 / 4);
}

TEST(Observations, AsksTheNearestStationAndSaysHowFarItIs) {
  const auto west = table().nearest(kSeattle, 1, 15);
  ASSERT_TRUE(west);
  EXPECT_EQ(west->station, "Seattle");
  EXPECT_NEAR(west->distance_km, 44, 1);
  const auto east = table().nearest(kBoston, 1, 15);
  ASSERT_TRUE(east);
  EXPECT_EQ(east->station, "New York");
  EXPECT_NEAR(east->distance_km, 306, 2);
}

TEST(Observations, KnowsLeapDays) {
  // Without a year: the latest that had a 29 February.
  EXPECT_EQ(table().nearest(kSeattle, 2, 29)->date, 2012y / 2 / 29);
  EXPECT_EQ(table().nearest(kSeattle, 2, 29, 2012)->date, 2012y / 2 / 29);
  // With a year that had none: the day before.
  EXPECT_EQ(table().nearest(kSeattle, 2, 29, 2014)->date, 2014y / 2 / 28);
}

TEST(Observations, HasNothingForDaysThatDoNotExist) {
  constexpr unsigned kMost = std::numeric_limits<unsigned>::max();
  for (const auto& [month, day] : {std::pair{2U, 30U},
                                   {4U, 31U},
                                   {0U, 1U},
                                   {1U, 0U},
                                   {13U, 1U},
                                   {257U, 15U},
                                   {1U, 271U},
                                   {kMost, kMost}}) {
    EXPECT_FALSE(table().nearest(kSeattle, month, day)) << month << "-" << day;
  }
}

TEST(Observations, HasNothingForYearsThatWereNotObserved) {
  for (const int year : {2011, 2016, 0, -1, 2015 + 65536, std::numeric_limits<int>::max(),
                         std::numeric_limits<int>::min()}) {
    EXPECT_FALSE(table().nearest(kSeattle, 1, 15, year)) << year;
  }
}

class ObservationsFile : public testing::Test {
 protected:
  ~ObservationsFile() override { std::filesystem::remove(path_); }

  void expect_refused(const std::string& rows, const std::string& line,
                      const std::string& expected) {
    write(rows);
    EXPECT_THAT([&] { Observations::load(path_); },
                ThrowsMessage<waybill::Error>(AllOf(HasSubstr(path_.string() + ":" + line + ": "),
                                                    HasSubstr("expected " + expected))))
        << rows;
  }

  void write(const std::string& rows) { std::ofstream(path_, std::ios::binary) << kHeader << rows; }

  const std::filesystem::path path_ =
      std::filesystem::path(testing::TempDir()) /
      (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".weather.csv");
};

TEST_F(ObservationsFile, ThatIsBrokenIsRefusedWithLineAndWhatIsExpected) {
  expect_refused("", "2", "a row");
  expect_refused("Boston,2012-01-01,0,1,2,3,sun\n", "2", "Seattle or New York");
  expect_refused("Seattle,2013-02-29,0,1,2,3,sun\n", "2", "a day");
  expect_refused("Seattle,2012-01-01,-1,1,2,3,sun\n", "2", "a number from 0 to 2000");
  expect_refused("Seattle,2012-01-01,0,hot,2,3,sun\n", "2", "a number from -100 to 70");
  expect_refused("Seattle,2012-01-01,0,1,2,,sun\n", "2", "a number from 0 to 150");
  expect_refused("Seattle,2012-01-01,0,1,2,3,hail\n", "2", "drizzle, fog");
  expect_refused("Seattle,2012-01-01,0,1,2,3,sun\nSeattle,2012-01-01,0,1,2,3,sun\n", "3",
                 "one row for each");
  expect_refused("Seattle,2012-01-01,0,1,2,3\n", "2", "the columns");
}

TEST_F(ObservationsFile, MayLackAStation) {
  write("New York,2012-03-01,0,1,2,3,sun\n");
  const auto weather = Observations::load(path_).nearest(kSeattle, 3, 1);
  ASSERT_TRUE(weather);
  EXPECT_EQ(weather->station, "New York");
  EXPECT_GT(weather->distance_km, 3800);
}

TEST_F(ObservationsFile, ThatIsMissingIsNamed) {
  EXPECT_THAT(
      [&] { Observations::load(path_); },
      ThrowsMessage<waybill::Error>(AllOf(HasSubstr(path_.string()), HasSubstr("cannot be read"))));
}

}  // namespace
}  // namespace landscape
