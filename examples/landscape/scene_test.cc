#include "scene.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>

#include "internal/canvas.h"
#include "internal/dither.h"

// What the sanitizers cannot see of the libraries below: Fontconfig keeps what it has loaded, once
// a process, behind encoded pointers that LeakSanitizer cannot follow; Cairo hands freed objects
// from thread to thread through atomics that ThreadSanitizer, in a library not built with it,
// misses.

// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libfontconfig\n";
}
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libcairo.so\n";
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)

namespace landscape {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

constexpr std::array kFormats{Format::kRgbLight, Format::kRgbDark, Format::kBw, Format::kEink};
constexpr std::array kKinds{WeatherKind::kDrizzle, WeatherKind::kFog, WeatherKind::kRain,
                            WeatherKind::kSnow, WeatherKind::kSun};

const Location kSeattle{"98101", "Seattle", "WA", 47.4323, -121.8034};
const Location kPhoenix{"85001", "Phoenix", "AZ", 33.704, -112.3518};

Weather weather_of(WeatherKind kind) {
  return {"Seattle", 2015y / 1 / 15, 9.7, 7.8, 1.1, 3.2, kind, 44.2};
}

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint32_t> pixels;  // 0xRRGGBB

  std::set<std::uint32_t> colors() const { return {pixels.begin(), pixels.end()}; }
};

Picture decode(const std::string& png) {
  struct Reader {
    const std::string& bytes;
    std::size_t at;
  } reader{png, 0};
  const auto read = [](void* from, unsigned char* to, unsigned int size) {
    auto& source = *static_cast<Reader*>(from);
    if (source.bytes.size() - source.at < size) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(to, source.bytes.data() + source.at, size);
    source.at += size;
    return CAIRO_STATUS_SUCCESS;
  };
  const internal::SurfacePtr surface(cairo_image_surface_create_from_png_stream(read, &reader));
  EXPECT_EQ(cairo_surface_status(surface.get()), CAIRO_STATUS_SUCCESS);
  EXPECT_EQ(cairo_image_surface_get_format(surface.get()), CAIRO_FORMAT_RGB24);
  Picture picture;
  picture.width = cairo_image_surface_get_width(surface.get());
  picture.height = cairo_image_surface_get_height(surface.get());
  for (int y = 0; y < picture.height; ++y) {
    const unsigned char* const row =
        cairo_image_surface_get_data(surface.get()) +
        static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface.get());
    for (int x = 0; x < picture.width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, row + static_cast<std::ptrdiff_t>(x) * 4, 4);
      picture.pixels.push_back(pixel & 0xffffffU);
    }
  }
  return picture;
}

double mean_brightness(const Picture& picture) {
  double sum = 0;
  for (const std::uint32_t pixel : picture.pixels)
    sum += (pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255);
  return sum / 765 / static_cast<double>(picture.pixels.size());
}

TEST(Format, HasANameThatReadsBack) {
  for (const Format format : kFormats) EXPECT_EQ(format_from(name_of(format)), format);
  EXPECT_EQ(name_of(Format::kRgbLight), "rgb_light");
  EXPECT_FALSE(format_from("cmyk"));
  EXPECT_THROW(name_of(static_cast<Format>(99)), waybill::Error);
}

TEST(Scene, IsTheSameBytesForTheSameInput) {
  for (const Format format : kFormats) {
    const std::string first = draw(weather_of(WeatherKind::kSnow), kSeattle, format);
    EXPECT_TRUE(first == draw(weather_of(WeatherKind::kSnow), kSeattle, format)) << name_of(format);
  }
}

TEST(Scene, IsTheSameWhenDrawnByManyThreads) {
  const std::string alone = draw(weather_of(WeatherKind::kRain), kSeattle, Format::kEink);
  std::array<std::string, 4> together;
  {
    std::vector<std::jthread> threads;
    threads.reserve(together.size());
    for (std::string& png : together) {
      threads.emplace_back(
          [&png] { png = draw(weather_of(WeatherKind::kRain), kSeattle, Format::kEink); });
    }
  }
  for (const std::string& png : together) EXPECT_TRUE(png == alone);
}

TEST(Scene, HasTheSizeOfItsFormat) {
  const Weather weather = weather_of(WeatherKind::kSun);
  for (const Format format : {Format::kRgbLight, Format::kRgbDark, Format::kBw}) {
    const Picture picture = decode(draw(weather, kSeattle, format));
    EXPECT_EQ(picture.width, 1200);
    EXPECT_EQ(picture.height, 675);
  }
  const Picture eink = decode(draw(weather, kSeattle, Format::kEink));
  EXPECT_EQ(eink.width, 800);
  EXPECT_EQ(eink.height, 480);
}

TEST(Scene, LooksDifferentInEveryFormat) {
  std::set<std::string> pictures;
  for (const Format format : kFormats) {
    pictures.insert(draw(weather_of(WeatherKind::kSun), kSeattle, format));
  }
  EXPECT_EQ(pictures.size(), kFormats.size());
}

TEST(Scene, IsDarkByNight) {
  const Weather weather = weather_of(WeatherKind::kSun);
  const double day = mean_brightness(decode(draw(weather, kSeattle, Format::kRgbLight)));
  const double night = mean_brightness(decode(draw(weather, kSeattle, Format::kRgbDark)));
  EXPECT_GT(day, 0.4);
  EXPECT_LT(night, 0.3);
}

TEST(Scene, UsesOnlyBlackAndWhiteInBw) {
  for (const WeatherKind kind : kKinds) {
    const Picture picture = decode(draw(weather_of(kind), kSeattle, Format::kBw));
    EXPECT_THAT(picture.colors(), testing::ElementsAre(0x000000U, 0xffffffU)) << name_of(kind);
  }
}

TEST(Scene, UsesOnlyThePanelsInksInEink) {
  std::set<std::uint32_t> panel;
  for (const internal::Rgb& ink : internal::kPanel) panel.insert(internal::packed(ink));
  for (const WeatherKind kind : kKinds) {
    const Picture picture = decode(draw(weather_of(kind), kPhoenix, Format::kEink));
    const std::set<std::uint32_t> used = picture.colors();
    EXPECT_TRUE(std::ranges::includes(panel, used)) << name_of(kind);
    EXPECT_GE(used.size(), 5U) << name_of(kind);
  }
}

// The share of pixels that differ.
double difference(const Picture& a, const Picture& b) {
  std::size_t differ = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) differ += a.pixels[i] != b.pixels[i] ? 1 : 0;
  return static_cast<double>(differ) / static_cast<double>(a.pixels.size());
}

TEST(Scene, LooksDifferentInEveryWeather) {
  std::vector<Picture> pictures;
  pictures.reserve(kKinds.size());
  for (const WeatherKind kind : kKinds) {
    pictures.push_back(decode(draw(weather_of(kind), kSeattle, Format::kRgbLight)));
  }
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    for (std::size_t j = i + 1; j < pictures.size(); ++j) {
      EXPECT_GT(difference(pictures[i], pictures[j]), 0.5)
          << name_of(kKinds[i]) << " and " << name_of(kKinds[j]);
    }
  }
}

TEST(Scene, LooksDifferentAtEveryPlaceAndOnEveryDay) {
  Weather weather = weather_of(WeatherKind::kSun);
  const Picture seattle = decode(draw(weather, kSeattle, Format::kRgbLight));
  EXPECT_GT(difference(seattle, decode(draw(weather, kPhoenix, Format::kRgbLight))), 0.5);
  weather.date = 2015y / 1 / 16;
  EXPECT_GT(difference(seattle, decode(draw(weather, kSeattle, Format::kRgbLight))), 0.3);
}

TEST(Scene, SurvivesExtremes) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  struct Extreme {
    double wind, low, high, precipitation;
  };
  constexpr std::array kCalm{0.0, 60.0};
  std::vector<Extreme> extremes{{nan, nan, nan, nan},
                                {infinity, -infinity, infinity, infinity},
                                {-5, 60, -60, -1},
                                {1e300, -1e300, 1e300, 1e300}};
  for (const double wind : kCalm) {
    for (const double temperature : {-60.0, 60.0})
      extremes.push_back({wind, temperature, temperature, 500});
  }
  for (std::size_t i = 0; i < extremes.size(); ++i) {
    const WeatherKind kind = kKinds[i % kKinds.size()];
    const Weather weather{"Seattle",
                          2015y / 7 / 1,
                          extremes[i].precipitation,
                          extremes[i].high,
                          extremes[i].low,
                          extremes[i].wind,
                          kind,
                          1e9};
    const Picture picture =
        decode(draw(weather, i % 2 == 0 ? kSeattle : kPhoenix, kFormats[i % kFormats.size()]));
    EXPECT_GE(picture.colors().size(), 2U);
  }
}

TEST(Scene, DrawsEveryKindOfCountryInEverySeason) {
  const std::array<Location, 6> places{{{"05602", "Montpelier", "VT", 44.27, -72.62},
                                        {"96813", "Honolulu", "HI", 21.3, -157.9},
                                        {"33101", "Miami", "FL", 25.8, -80.2},
                                        {"66002", "Atchison", "KS", 39.5, -95.1},
                                        {"63101", "Saint Louis", "MO", 38.6, -90.2},
                                        {"99723", "Barrow", "AK", 71.3, -156.8}}};
  std::set<std::string> pictures;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Weather weather{"New York",
                          2014y / std::chrono::month(static_cast<unsigned>(1 + 2 * i)) / 20,
                          1,
                          12,
                          3,
                          5,
                          kKinds[i % kKinds.size()],
                          2};
    pictures.insert(draw(weather, places[i], i % 2 == 0 ? Format::kRgbDark : Format::kRgbLight));
  }
  EXPECT_EQ(pictures.size(), places.size());
}

TEST(Scene, PrintsAnyNameOfAnyLength) {
  // Cairo stops drawing at the first text that is not UTF-8: the caption would stay empty.
  Location place = kSeattle;
  place.city = std::string(5000, 'W') + "\xff\xc0\x80\n" + std::string(1, '\0') + "é";
  const Picture odd = decode(draw(weather_of(WeatherKind::kSun), place, Format::kEink));
  place.city = "";
  const Picture empty = decode(draw(weather_of(WeatherKind::kSun), place, Format::kEink));
  EXPECT_NE(odd.pixels, empty.pixels);
}

TEST(Scene, RefusesADayThatIsNone) {
  Weather weather = weather_of(WeatherKind::kSun);
  weather.date = 2015y / 2 / 30;
  EXPECT_THAT([&] { draw(weather, kSeattle, Format::kBw); },
              ThrowsMessage<waybill::Error>(HasSubstr("2015-02-30")));
}

TEST(DrawTo, WritesTheBytesOfThePicture) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / "landscape_scene_test.png";
  draw_to(file, weather_of(WeatherKind::kFog), kSeattle, Format::kEink);
  std::ifstream in(file, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(in), {});
  EXPECT_TRUE(bytes == draw(weather_of(WeatherKind::kFog), kSeattle, Format::kEink));
  std::filesystem::remove(file);
}

TEST(DrawTo, NamesAFileThatCannotBeWritten) {
  EXPECT_THAT(
      [] { draw_to("/nowhere/x.png", weather_of(WeatherKind::kFog), kSeattle, Format::kEink); },
      ThrowsMessage<waybill::Error>(HasSubstr("/nowhere/x.png")));
}

}  // namespace
}  // namespace landscape
