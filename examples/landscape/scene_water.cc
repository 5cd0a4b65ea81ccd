// The lake: what stands above it mirrored row by row, shaken by the wind, with the lamp's glitter.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "internal/noise.h"
#include "internal/parts.h"

namespace landscape::internal {
namespace {

Rgb unpack(std::uint32_t pixel) {
  return hex(pixel & 0xffffffU);
}

// What the lake is like in this weather.
struct Surface {
  Rgb tint;
  double deep;   // how much of the tint shows at the near shore
  double waves;  // in design units
  double glitter;
};

Surface surface_of(const Mood& mood) {
  Surface surface{};
  const Rgb blue = mood.place.tropical ? hex(0x1a8a94) : hex(0x1f4f66);
  surface.tint =
      mix(mix(mood.seen(blue), mood.sky_top, 0.35), mood.seen(hex(0xdfe9f0)), 0.75 * mood.ice);
  surface.deep = 0.42 + 0.25 * mood.wind + 0.2 * mood.ice + 0.15 * mood.rain;
  surface.waves = (1.1 + 6 * mood.wind + 2 * mood.rain) * (1 - 0.9 * mood.ice);
  surface.glitter =
      mood.kind == WeatherKind::kSun ? (mood.night ? 0.5 : 0.25 + 0.5 * mood.low_sun) : 0.06;
  return surface;
}

// The rows above the shore, nearest last.
std::vector<const std::uint32_t*> rows_above(Canvas& canvas, int shore) {
  std::vector<const std::uint32_t*> rows;
  rows.reserve(static_cast<std::size_t>(shore));
  for (int y = 0; y < shore; ++y) rows.push_back(canvas.row(y));
  return rows;
}

void mirror(Canvas& canvas, const Mood& mood, const Surface& surface) {
  const Noise noise(mood.random.stream("waves"));
  const double unit = canvas.unit();
  const int shore = static_cast<int>(kWaterline * unit);
  const auto above = rows_above(canvas, shore);
  for (int py = shore; py < canvas.pixel_height(); ++py) {
    std::uint32_t* const row = canvas.row(py);
    const double depth = (py - shore + 0.5) / unit;
    // Waves look longer near the viewer than far away.
    const double near = depth / (Canvas::kHeight - kWaterline);
    const double length = 11 + 198 * near;
    const double across = std::log(depth + 9) * 17;
    const double deep = clamp01(surface.deep * (0.25 + 1.5 * near));
    for (int px = 0; px < canvas.pixel_width(); ++px) {
      const double x = px / unit;
      const float wave =
          noise.layered(static_cast<float>(x / length), static_cast<float>(across), 3);
      const double shift = surface.waves * (0.4 + 2.2 * near) * wave;
      const double up = depth * 1.12 + std::fabs(shift) * 1.6 + shift * 1.4;
      const int from_x =
          std::clamp(static_cast<int>((x + shift * 0.8) * unit), 0, canvas.pixel_width() - 1);
      const int from_y = std::clamp(shore - 1 - static_cast<int>(up * unit), 0, shore - 1);
      const Rgb image = unpack(above[static_cast<std::size_t>(from_y)][from_x]);
      const double ripple = 1 + 0.5 * wave * (0.1 + 0.5 * mood.wind + 0.2 * mood.rain);
      row[px] = packed({blend(image.r, surface.tint.r, deep) * ripple,
                        blend(image.g, surface.tint.g, deep) * ripple,
                        blend(image.b, surface.tint.b, deep) * ripple});
    }
  }
  canvas.touched();
}

void paint_glitter(Canvas& canvas, const Mood& mood, double strength) {
  if (strength < 0.1 || mood.ice > 0.5) return;
  Random random = mood.random.stream("glitter");
  cairo_t* const cr = canvas.cr();
  cairo_set_operator(cr, CAIRO_OPERATOR_SCREEN);
  for (int i = 0; i < 420; ++i) {
    const double t = std::pow(random.unit(), 1.5);
    const double y = kWaterline + 3 + t * (kBank - kWaterline + 20);
    const double spread = 9 + 56 * t + 30 * mood.wind;
    const double off = (random.unit() + random.unit() + random.unit() - 1.5) / 1.5;
    const double length = (2 + 16 * t) * random.between(0.4, 1.3);
    const double x = mood.lamp.x + off * spread;
    set_color(cr, mood.glow, strength * random.between(0.25, 0.95) * (1 - std::fabs(off)));
    cairo_set_line_width(cr, 0.6 + 1.3 * t);
    cairo_move_to(cr, x - length, y);
    cairo_line_to(cr, x + length, y);
    cairo_stroke(cr);
  }
  cairo_set_operator(cr, CAIRO_OPERATOR_OVER);
}

void paint_shoreline(Canvas& canvas, const Mood& mood) {
  cairo_t* const cr = canvas.cr();
  const PatternPtr edge = linear(0, kWaterline - 2, 0, kWaterline + 7);
  add_stop(edge, 0, mood.mist, 0);
  add_stop(edge, 0.3, mood.mist, 0.55);
  add_stop(edge, 1, mood.mist, 0);
  cairo_set_source(cr, edge.get());
  cairo_rectangle(cr, 0, kWaterline - 2, canvas.width(), 9);
  cairo_fill(cr);
}

}  // namespace

void paint_water(Canvas& canvas, const Mood& mood) {
  const Surface surface = surface_of(mood);
  mirror(canvas, mood, surface);
  paint_glitter(canvas, mood, surface.glitter);
  paint_shoreline(canvas, mood);
}

}  // namespace landscape::internal
