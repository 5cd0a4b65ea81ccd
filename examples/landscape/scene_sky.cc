// The sky, the sun or the moon, and the stars.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "internal/noise.h"
#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kMoonRadius = 25;
constexpr double kSunRadius = 27;

// How much of the lamp comes through.
double lamp_strength(const Mood& mood) {
  if (mood.kind == WeatherKind::kSun) return 1;
  if (mood.kind == WeatherKind::kFog) return mood.night ? 0.55 : 0.75;
  return mood.kind == WeatherKind::kDrizzle ? 0.35 : 0.2;
}

void add_glow(Raster::Pixel& pixel, const Rgb& glow, double amount) {
  const auto screen = [amount](float below, double light) {
    return static_cast<float>(below + (1 - below) * light * amount);
  };
  pixel.r = screen(pixel.r, glow.r);
  pixel.g = screen(pixel.g, glow.g);
  pixel.b = screen(pixel.b, glow.b);
}

void paint_air(Canvas& canvas, const Mood& mood) {
  const double bottom = kWaterline + 4;
  Raster air(canvas.pixel_width(), static_cast<int>(std::ceil(bottom * canvas.unit())));
  const double strength = lamp_strength(mood);
  const double wide = strength * (mood.night ? 0.34 : blend(0.34, 0.5, mood.low_sun));
  const double narrow = strength * (mood.night ? 0.5 : 0.85);
  for (int py = 0; py < air.height(); ++py) {
    const double y = (py + 0.5) / canvas.unit();
    const double t = y / kHorizon;
    Rgb color = t < 0.55 ? mix(mood.sky_top, mood.sky_middle, t / 0.55)
                         : mix(mood.sky_middle, mood.sky_low, smooth(0.5, 1.02, t));
    for (int px = 0; px < air.width(); ++px) {
      const double dx = (px + 0.5) / canvas.unit() - mood.lamp.x;
      // Light spreads further along the horizon than up.
      const double far = std::hypot(dx * 0.75, y - mood.lamp.y);
      air.set(px, py, color, 1);
      add_glow(air.at(px, py), mood.glow,
               wide * std::exp(-far / 190) + narrow * std::exp(-far / 42));
    }
  }
  canvas.lay(air);
}

void paint_stars(Canvas& canvas, const Mood& mood) {
  Random random = mood.random.stream("stars");
  const Noise band(mood.random.stream("milky way"));
  cairo_t* const cr = canvas.cr();
  const double tilt = random.between(-0.5, 0.5);
  const double middle = random.between(60, 190);
  for (int i = 0; i < 1500; ++i) {
    const Point at{random.unit() * canvas.width(), random.unit() * kHorizon};
    const double size = random.unit();
    const double tint = random.unit();
    const double along = middle + tilt * (at.x - canvas.width() / 2);
    const double in_band = std::exp(-std::pow((at.y - along) / 52, 2));
    const double cloudy =
        band.layered(static_cast<float>(at.x / 90), static_cast<float>(at.y / 60), 3);
    // The band is crowded with faint stars; elsewhere every third one shows.
    if (i % 3 != 0 && in_band * (0.7 + cloudy) < 0.42) continue;
    const double near_moon =
        1 - std::exp(-std::pow(std::hypot(at.x - mood.lamp.x, at.y - mood.lamp.y) / 70, 2));
    const double low = smooth(kHorizon, kHorizon * 0.35, at.y);
    const double bright = (i % 3 == 0 ? 0.25 + 0.75 * std::pow(size, 6) : 0.12 + 0.2 * size);
    set_color(cr, mix(hex(0xbcd0ff), hex(0xfff0d8), tint), bright * low * near_moon);
    cairo_arc(cr, at.x, at.y, 0.55 + (i % 3 == 0 ? 1.0 * std::pow(size, 8) : 0), 0, 2 * kPi);
    cairo_fill(cr);
  }
}

// The lit part lies between the limb and the terminator, which is half an ellipse.
void moon_path(cairo_t* cr, const Mood& mood) {
  // Never quite new: a sliver remains to be looked at.
  const double age = std::fmin(std::fmax(mood.moon_age, 0.07), 0.93);
  const bool waxing = age < 0.5;
  const double terminator = std::cos(2 * kPi * age);  // 1 new, -1 full
  cairo_save(cr);
  cairo_translate(cr, mood.lamp.x, mood.lamp.y);
  cairo_rotate(cr, -0.35);
  cairo_scale(cr, (waxing ? 1 : -1) * kMoonRadius, kMoonRadius);
  cairo_new_path(cr);
  cairo_arc(cr, 0, 0, 1, -kPi / 2, kPi / 2);
  constexpr int kSteps = 48;
  for (int i = 0; i <= kSteps; ++i) {
    const double angle = kPi / 2 - kPi * i / kSteps;
    cairo_line_to(cr, terminator * std::cos(angle), std::sin(angle));
  }
  cairo_close_path(cr);
  cairo_restore(cr);
}

void paint_moon(cairo_t* cr, const Mood& mood, double strength) {
  set_color(cr, mix(mood.sky_middle, mood.glow, 0.16), 0.85 * strength);
  cairo_arc(cr, mood.lamp.x, mood.lamp.y, kMoonRadius, 0, 2 * kPi);
  cairo_fill(cr);
  moon_path(cr, mood);
  set_color(cr, hex(0xfbf6e6), strength);
  cairo_fill_preserve(cr);
  cairo_save(cr);
  cairo_clip(cr);
  constexpr std::array<std::array<double, 3>, 7> kSeas{{{-0.32, -0.34, 0.3},
                                                        {0.18, -0.42, 0.2},
                                                        {0.4, -0.12, 0.24},
                                                        {-0.48, 0.08, 0.26},
                                                        {0.1, 0.06, 0.17},
                                                        {-0.14, 0.44, 0.19},
                                                        {0.42, 0.36, 0.12}}};
  for (const auto& [x, y, r] : kSeas) {
    const Point at{mood.lamp.x + x * kMoonRadius, mood.lamp.y + y * kMoonRadius};
    const PatternPtr sea = radial(at, 0, r * kMoonRadius * 1.25);
    add_stop(sea, 0, hex(0xa9b0bd), 0.55 * strength);
    add_stop(sea, 0.6, hex(0xa9b0bd), 0.42 * strength);
    add_stop(sea, 1, hex(0xa9b0bd), 0);
    cairo_set_source(cr, sea.get());
    cairo_paint(cr);
  }
  cairo_restore(cr);
}

void paint_sun(cairo_t* cr, const Mood& mood, double strength) {
  const PatternPtr disc = radial(mood.lamp, 0, kSunRadius * 1.5);
  const Rgb core = mix(hex(0xffffff), mood.glow, 0.25);
  add_stop(disc, 0, core, strength);
  add_stop(disc, 0.62, core, strength);
  add_stop(disc, 0.7, mood.glow, 0.5 * strength);
  add_stop(disc, 1, mood.glow, 0);
  cairo_set_source(cr, disc.get());
  cairo_arc(cr, mood.lamp.x, mood.lamp.y, kSunRadius * 1.5, 0, 2 * kPi);
  cairo_fill(cr);
}

}  // namespace

void paint_sky(Canvas& canvas, const Mood& mood) {
  paint_air(canvas, mood);
  const double strength = lamp_strength(mood);
  if (mood.night) {
    if (mood.cloud < 0.5) paint_stars(canvas, mood);
    if (strength > 0.3) paint_moon(canvas.cr(), mood, strength);
  } else if (strength > 0.5) {
    paint_sun(canvas.cr(), mood, strength);
  }
}

}  // namespace landscape::internal
