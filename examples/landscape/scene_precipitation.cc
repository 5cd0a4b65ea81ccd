// Rain, drizzle and snow in front of the scene, slanted by the wind.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

void paint_streaks(Canvas& canvas, const Mood& mood, double count, double length, double width,
                   double alpha, Random random) {
  cairo_t* const cr = canvas.cr();
  // Drops fall at some 8 m/s; the wind adds up to 16 sideways.
  const double slant = std::clamp(mood.lean * 1.5, -1.5, 1.5);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_width(cr, width);
  for (int i = 0; i < count; ++i) {
    const double x = random.between(-0.5, 1.5) * canvas.width();
    const double y = random.between(-0.1, 1) * Canvas::kHeight;
    const double fall = length * random.between(0.5, 1.2) / std::hypot(1, slant);
    set_color(cr, mix(mood.light, hex(0xffffff), mood.night ? 0.1 : 0.5),
              alpha * random.between(0.4, 1));
    cairo_move_to(cr, x, y);
    cairo_line_to(cr, x + slant * fall, y + fall);
    cairo_stroke(cr);
  }
}

// Rings where drops meet the lake.
void paint_rings(Canvas& canvas, const Mood& mood, Random random) {
  cairo_t* const cr = canvas.cr();
  for (int i = 0; i < static_cast<int>(160 * mood.rain); ++i) {
    const double t = random.unit();
    const double y = kWaterline + 8 + t * (kBank - kWaterline - 14);
    const double r = (2 + 9 * t) * random.between(0.4, 1);
    cairo_save(cr);
    cairo_translate(cr, random.unit() * canvas.width(), y);
    cairo_scale(cr, r, r * 0.26);
    cairo_arc(cr, 0, 0, 1, 0, 2 * kPi);
    cairo_restore(cr);
    cairo_set_line_width(cr, 0.8);
    set_color(cr, mood.light, 0.3 * random.between(0.3, 1));
    cairo_stroke(cr);
  }
}

void paint_flakes(Canvas& canvas, const Mood& mood, double count, double size, double soft,
                  double alpha, Random random) {
  cairo_t* const cr = canvas.cr();
  const Rgb white = mood.night ? hex(0xdfe8fb) : hex(0xffffff);
  for (int i = 0; i < count; ++i) {
    const Point at{random.unit() * canvas.width(), random.unit() * Canvas::kHeight};
    const double r = size * random.between(0.55, 1.25);
    cairo_save(cr);
    cairo_translate(cr, at.x, at.y);
    // Driven flakes draw out along their way.
    cairo_rotate(cr, std::atan2(1, mood.lean * 3.5));
    cairo_scale(cr, r * (1 + 1.6 * mood.wind), r);
    const PatternPtr flake = radial({0, 0}, 0, 1);
    const double a = alpha * random.between(0.55, 1);
    add_stop(flake, 0, white, a);
    add_stop(flake, 1 - soft, white, a);
    add_stop(flake, 1, white, 0);
    cairo_set_source(cr, flake.get());
    cairo_arc(cr, 0, 0, 1, 0, 2 * kPi);
    cairo_fill(cr);
    cairo_restore(cr);
  }
}

}  // namespace

void paint_rain(Canvas& canvas, const Mood& mood) {
  if (mood.rain <= 0) return;
  const Random random = mood.random.stream("rain");
  const double dim = mood.night ? 0.55 : 1;
  paint_rings(canvas, mood, random.stream("rings"));
  if (mood.kind == WeatherKind::kDrizzle) {
    paint_streaks(canvas, mood, 1100, 9, 0.6, 0.3 * dim, random.stream("fine"));
    paint_streaks(canvas, mood, 300, 15, 0.8, 0.3 * dim, random.stream("less fine"));
    return;
  }
  paint_streaks(canvas, mood, 1500 * mood.rain, 20, 0.7, 0.26 * dim, random.stream("far"));
  paint_streaks(canvas, mood, 560 * mood.rain, 42, 1.0, 0.3 * dim, random.stream("middle"));
  paint_streaks(canvas, mood, 110 * mood.rain, 88, 1.5, 0.26 * dim, random.stream("near"));
}

void paint_snowfall(Canvas& canvas, const Mood& mood) {
  if (mood.snowfall <= 0) return;
  const Random random = mood.random.stream("snowfall");
  const double much = mood.snowfall;
  paint_flakes(canvas, mood, 1500 * much, 1.3, 0.5, 0.8, random.stream("far"));
  paint_flakes(canvas, mood, 430 * much, 2.5, 0.5, 0.85, random.stream("middle"));
  paint_flakes(canvas, mood, 90 * much, 5.2, 0.75, 0.75, random.stream("near"));
  paint_flakes(canvas, mood, 16 * much, 12, 1, 0.5, random.stream("nearest"));
}

}  // namespace landscape::internal
