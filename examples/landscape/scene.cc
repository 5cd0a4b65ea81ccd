#include "scene.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <utility>

#include <waybill/core/error.h>

#include "internal/caption.h"
#include "internal/dither.h"
#include "internal/mood.h"
#include "internal/parts.h"

namespace landscape {
namespace {

using internal::Canvas;
using internal::CaptionText;
using internal::Mood;

struct FormatInfo {
  Format format;
  std::string_view name;
  int width;
  int height;
};

constexpr std::array<FormatInfo, 4> kFormats{{
    {Format::kRgbLight, "rgb_light", 1200, 675},
    {Format::kRgbDark, "rgb_dark", 1200, 675},
    {Format::kBw, "bw", 1200, 675},
    {Format::kEink, "eink", 800, 480},
}};

const FormatInfo& info_of(Format format) {
  for (const FormatInfo& info : kFormats) {
    if (info.format == format) return info;
  }
  throw waybill::Error::bad_option("format", std::to_string(static_cast<int>(format)),
                                   "rgb_light, rgb_dark, bw or eink");
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) {
    throw waybill::Error(std::string("Cairo failed to draw: ") + cairo_status_to_string(status));
  }
}

void paint_scene(Canvas& canvas, const Mood& mood) {
  using namespace internal;
  paint_sky(canvas, mood);
  paint_clouds(canvas, mood);
  paint_far_land(canvas, mood);
  paint_hills(canvas, mood);
  paint_town(canvas, mood);
  paint_far_shore(canvas, mood);
  paint_mist(canvas, mood, kWaterline - 8, 40, 0.12 + 0.6 * mood.fog, "shore mist");
  paint_water(canvas, mood);
  paint_mist(canvas, mood, kWaterline + 34, 70, 0.5 * mood.fog, "lake mist");
  paint_near_shore(canvas, mood);
  paint_mist(canvas, mood, kBank, 120, 0.36 * mood.fog, "near mist");
  paint_rain(canvas, mood);
  paint_snowfall(canvas, mood);
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int size) {
  try {
    static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), size);
    return CAIRO_STATUS_SUCCESS;
  } catch (const std::bad_alloc&) {
    return CAIRO_STATUS_NO_MEMORY;
  }
}

std::string to_png(cairo_surface_t* surface) {
  std::string png;
  check(cairo_surface_write_to_png_stream(surface, append, &png));
  return png;
}

// White where the canvas is white, in Cairo's format of one bit a pixel, which a PNG keeps.
internal::SurfacePtr to_one_bit(Canvas& canvas) {
  internal::SurfacePtr bits(
      cairo_image_surface_create(CAIRO_FORMAT_A1, canvas.pixel_width(), canvas.pixel_height()));
  check(cairo_surface_status(bits.get()));
  const std::unique_ptr<cairo_t, internal::CairoFree> cr(cairo_create(bits.get()));
  cairo_surface_flush(bits.get());
  unsigned char* const data = cairo_image_surface_get_data(bits.get());
  const int stride = cairo_image_surface_get_stride(bits.get());
  for (int y = 0; y < canvas.pixel_height(); ++y) {
    const std::uint32_t* const row = canvas.row(y);
    auto* const words =
        reinterpret_cast<std::uint32_t*>(data + static_cast<std::ptrdiff_t>(y) * stride);
    for (int x = 0; x < canvas.pixel_width(); ++x) {
      // Cairo numbers the bits of a word from the lowest, on little-endian machines.
      if ((row[x] & 0xffU) != 0) words[x / 32] |= 1U << (x % 32);
    }
  }
  cairo_surface_mark_dirty(bits.get());
  return bits;
}

}  // namespace

std::string_view name_of(Format format) {
  return info_of(format).name;
}

std::optional<Format> format_from(std::string_view name) {
  for (const FormatInfo& info : kFormats) {
    if (info.name == name) return info.format;
  }
  return std::nullopt;
}

std::string draw(const Weather& weather, const Location& location, Format format) {
  if (!weather.date.ok()) {
    throw waybill::Error::bad_option("date", iso_date(weather.date), "a day of the calendar");
  }
  const FormatInfo& info = info_of(format);
  Canvas canvas(info.width, info.height);
  const Mood mood =
      internal::mood_of(weather, location, format == Format::kRgbDark, canvas.width());
  const CaptionText text = internal::caption_text(weather, location);
  paint_scene(canvas, mood);
  switch (format) {
    case Format::kRgbLight:
    case Format::kRgbDark:
      internal::paint_caption(canvas, mood, text);
      break;
    case Format::kBw:
      internal::to_full_range_grey(canvas);
      internal::dither(canvas, internal::kInk);
      internal::print_caption(canvas, text, internal::kInk[1], internal::kInk[0]);
      check(cairo_status(canvas.cr()));
      return to_png(to_one_bit(canvas).get());
    case Format::kEink:
      internal::dither(canvas, internal::kPanel);
      internal::print_caption(canvas, text, internal::kPanel[1], internal::kPanel[0]);
      break;
  }
  check(cairo_status(canvas.cr()));
  return to_png(canvas.surface());
}

void draw_to(const std::filesystem::path& file, const Weather& weather, const Location& location,
             Format format) {
  const std::string png = draw(weather, location, format);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(png.data(), static_cast<std::streamsize>(png.size()));
  out.close();
  if (!out) throw waybill::Error(file.string() + ": cannot be written");
}

}  // namespace landscape
