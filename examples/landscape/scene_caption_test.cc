#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "internal/caption.h"
#include "internal/utf8.h"

namespace landscape::internal {
namespace {

using namespace std::chrono_literals;

const Location kSeattle{"98101", "Seattle", "WA", 47.4323, -121.8034};

TEST(Caption, SaysWhereWhenAndWhat) {
  const Weather weather{"Seattle", 2015y / 1 / 15, 9.7, 7.8, 1.1, 3.2, WeatherKind::kRain, 44.2};
  const CaptionText text = caption_text(weather, kSeattle);
  EXPECT_EQ(text.title, "Seattle, WA");
  EXPECT_EQ(text.details, "15 January 2015  ·  1 to 8 °C  ·  wind 3.2 m/s  ·  rain, 9.7 mm");
  EXPECT_EQ(text.source, "observed in Seattle, 44 km away");
}

TEST(Caption, WritesFrostWithAMinusSign) {
  const Weather weather{"New York", 2014y / 2 / 1, 0, -1.2, -10.4, 0.04, WeatherKind::kSnow, 0};
  EXPECT_EQ(caption_text(weather, kSeattle).details,
            "1 February 2014  ·  −10 to −1 °C  ·  wind 0.0 m/s  ·  snow");
}

TEST(Caption, WritesOneTemperatureOnce) {
  const Weather weather{"New York", 2014y / 12 / 1, 0, 0.3, -0.4, 1, WeatherKind::kSun, 0};
  EXPECT_EQ(caption_text(weather, kSeattle).details,
            "1 December 2014  ·  0 °C  ·  wind 1.0 m/s  ·  a sunny day");
}

TEST(Caption, IsHonestAboutTheDistance) {
  Weather weather{"Seattle", 2015y / 1 / 15, 0, 8, 1, 3, WeatherKind::kSun, 0.4};
  EXPECT_EQ(caption_text(weather, kSeattle).source, "observed in Seattle");
  weather.distance_km = 4721.3;
  EXPECT_EQ(caption_text(weather, kSeattle).source, "observed in Seattle, 4,721 km away");
}

TEST(PrintableUtf8, LeavesTextAsItIs) {
  for (const char* text : {"", "Seattle", "Cañon City", "東京", "🌧 · °C"}) {
    EXPECT_EQ(printable_utf8(text), text);
  }
}

TEST(PrintableUtf8, ReplacesWhatCannotBePrinted) {
  EXPECT_EQ(printable_utf8("a\nb\tc\x7f"), "a b c ");
  EXPECT_EQ(printable_utf8("\xc2\x85"), " ");  // C1 control
  EXPECT_EQ(printable_utf8("\xff"
                           "a\x80"),
            "?a?");                                       // no lead byte
  EXPECT_EQ(printable_utf8("\xc0\xaf"), "??");            // overlong
  EXPECT_EQ(printable_utf8("\xe0\x80\xaf"), "???");       // overlong
  EXPECT_EQ(printable_utf8("\xed\xa0\x80"), "???");       // surrogate
  EXPECT_EQ(printable_utf8("\xf4\x90\x80\x80"), "????");  // beyond Unicode
  EXPECT_EQ(printable_utf8("ab\xe2\x82"), "ab??");        // cut off
  EXPECT_EQ(printable_utf8(std::string("a\0b", 3)), "a b");
}

TEST(DropLastUtf8, TakesAWholeCharacter) {
  std::string text = "a°🌧";
  drop_last_utf8(text);
  EXPECT_EQ(text, "a°");
  drop_last_utf8(text);
  EXPECT_EQ(text, "a");
  drop_last_utf8(text);
  drop_last_utf8(text);
  EXPECT_EQ(text, "");
}

}  // namespace
}  // namespace landscape::internal
