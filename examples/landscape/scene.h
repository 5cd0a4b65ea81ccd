// draw: a landscape as it may have looked at a place on a day, from the weather of that day.
//
//   std::string png = draw(weather, place, Format::kRgbLight);      // the bytes of a PNG file
//
// The same weather, place and format give the same bytes, so a result can be cached and a test can
// compare it (with the same versions of Cairo and of the font, which is the system's "sans-serif":
// DejaVu Sans from Debian's fonts-dejavu-core). A picture takes a quarter of a second or so of one
// core. All functions may be called from any number of threads at once.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "location.h"
#include "weather.h"

namespace landscape {

enum class Format {
  kRgbLight,  // 1200 x 675, by day
  kRgbDark,   // 1200 x 675, by night
  kBw,        // 1200 x 675, by day, one bit a pixel
  kEink,      // 800 x 480, by day, in the seven colours of an e-paper panel (internal/dither.h)
};

// "rgb_light", "rgb_dark", "bw", "eink"
std::string_view name_of(Format format);
std::optional<Format> format_from(std::string_view name);

// The bytes of a PNG file. Values beyond what weather can be are drawn as the nearest that can.
// Throws waybill::Error when the date is no day of the calendar, or when Cairo fails.
std::string draw(const Weather& weather, const Location& location, Format format);

// Writes draw()'s bytes to `file`, replacing it. Throws waybill::Error when it cannot be written.
void draw_to(const std::filesystem::path& file, const Weather& weather, const Location& location,
             Format format);

}  // namespace landscape
