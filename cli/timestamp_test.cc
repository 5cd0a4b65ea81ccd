#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/timestamp.h>

namespace waybill::cli {
namespace {

constexpr Nanoseconds kMs = 1'000'000;
constexpr Nanoseconds kS = 1'000 * kMs;

TEST(Timestamp, ReadsRfc3339) {
  const struct {
    std::string_view text;
    Nanoseconds time;
  } kCases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1970-01-01T00:00:01.5Z", 1'500 * kMs},
      {"2026-11-20T23:58:01.123456Z", 1'795'219'081'123'456'000},
      {"2026-11-20T23:58:01.123456789Z", 1'795'219'081'123'456'789},
      {"2026-11-20T23:58:01.1234567899Z", 1'795'219'081'123'456'789},
      {"2026-11-21T01:58:01.123456+02:00", 1'795'219'081'123'456'000},
      {"2026-11-20t18:28:01.123456-0530", 1'795'219'081'123'456'000},
      {"2026-11-20 23:58:01.123456", 1'795'219'081'123'456'000},
      {"1969-12-31T23:59:59Z", -kS},
      {"2016-12-31T23:59:60Z", 1'483'228'800 * kS},
      {"1970-01-02", 86'400 * kS},
  };
  for (const auto& c : kCases) EXPECT_EQ(parse_time(c.text), c.time) << c.text;
}

TEST(Timestamp, RefusesWhatIsNoTime) {
  for (const std::string_view text :
       {"", "now", "2026", "2026-13-01", "2026-02-30", "2026-11-20T", "2026-11-20T24:00:00Z",
        "2026-11-20T23:58Z", "2026-11-20T23:58:01.Z", "2026-11-20T23:58:01Zx",
        "2026-11-20T23:58:01+2", "1500-01-01", "9999-01-01"}) {
    EXPECT_EQ(parse_time(text), std::nullopt) << text;
  }
}

RC_GTEST_PROP(Timestamp, WrittenTimesReadBack, ()) {
  const auto ms = *rc::gen::inRange<std::int64_t>(-9'000'000'000'000, 9'000'000'000'000);
  RC_ASSERT(parse_time(format_time(ms * kMs)) == ms * kMs);
}

TEST(Timestamp, TellsEpochUnitsApartBySize) {
  const Nanoseconds second = 1'795'219'081 * kS;
  EXPECT_EQ(time_from_number(1'795'219'081), second);
  EXPECT_EQ(time_from_number(1'795'219'081'000), second);
  EXPECT_EQ(time_from_number(1'795'219'081'000'000), second);
  EXPECT_EQ(time_from_number(1'795'219'081'000'000'000), second);
  EXPECT_EQ(time_from_number(1'795'219'081.5), second + kS / 2);
  for (const double number : {0.0, 42.0, -1'795'219'081.0, 1e300}) {
    EXPECT_EQ(time_from_number(number), std::nullopt) << number;
  }
}

TEST(Timestamp, ReadsDurations) {
  EXPECT_EQ(parse_duration("250ms"), 250 * kMs);
  EXPECT_EQ(parse_duration("90s"), 90 * kS);
  EXPECT_EQ(parse_duration("15m"), 900 * kS);
  EXPECT_EQ(parse_duration("2h"), 7'200 * kS);
  EXPECT_EQ(parse_duration("1d"), 86'400 * kS);
  EXPECT_EQ(parse_duration("1w"), 604'800 * kS);
  for (const std::string_view text : {"", "m", "15", "15 m", "-5m", "15y", "4000000000w"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Timestamp, AMomentIsATimeOrSoLongAgo) {
  EXPECT_EQ(parse_moment("15m", 1'000 * kS), 100 * kS);
  EXPECT_EQ(parse_moment("1970-01-01T00:00:07Z", 1'000 * kS), 7 * kS);
  EXPECT_EQ(parse_moment("yesterday", 0), std::nullopt);
}

TEST(Timestamp, WritesDurationsInThreeDigits) {
  const struct {
    Nanoseconds duration;
    std::string_view text;
  } kCases[] = {
      {0, "0 µs"},
      {830'000, "830 µs"},
      {12 * kMs, "12 ms"},
      {1'840 * kMs, "1.84 s"},
      {203'400'000, "203 ms"},
      {999'900'000, "1 s"},
      {192 * kS, "3 min 12 s"},
      {7'500 * kS, "2 h 05 min"},
      {273'600 * kS, "3 d 04 h"},
  };
  for (const auto& c : kCases) EXPECT_EQ(format_duration(c.duration), c.text);
  EXPECT_EQ(format_duration(830'000, true), "830 us");
}

TEST(Timestamp, OffsetsOfOneTraceShareAUnit) {
  EXPECT_EQ(OffsetFormat(2 * kMs)(1'234'000), "+1234 µs");
  EXPECT_EQ(OffsetFormat(2 * kMs, true)(1'234'000), "+1234 us");
  EXPECT_EQ(OffsetFormat(2 * kS)(15'200'000), "+15.2 ms");
  EXPECT_EQ(OffsetFormat(20 * kS)(15'200'000), "+0.015 s");
  EXPECT_EQ(OffsetFormat(7'200 * kS)(3'723'123 * kMs), "+1:02:03.123");
}

}  // namespace
}  // namespace waybill::cli
