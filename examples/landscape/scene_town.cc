// What people built: a city beyond the lake, and a cabin on the far shore.

#include <cmath>
#include <numbers>

#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

// Windows are lit at night, and some of them on dark days.
double lit_share(const Mood& mood) {
  if (mood.night) return 0.5;
  return mood.rain > 0.2 || mood.fog > 0.8 ? 0.12 : 0;
}

void paint_tower(cairo_t* cr, const Mood& mood, double x, double foot, double width, double height,
                 const Rgb& wall, Random& random) {
  const PatternPtr face = linear(x, 0, x + width, 0);
  const bool lit_right = mood.lamp.x > x;
  add_stop(face, lit_right ? 1 : 0, lighten(wall, mood.night ? 0.02 : 0.09));
  add_stop(face, lit_right ? 0 : 1, wall);
  cairo_set_source(cr, face.get());
  cairo_rectangle(cr, x, foot - height, width, height);
  cairo_fill(cr);
  const double share = lit_share(mood);
  const int floors = static_cast<int>((height - 6) / 4.4);
  const int windows = static_cast<int>((width - 3) / 3.6);
  for (int floor = 0; floor < floors; ++floor) {
    const double y = foot - height + 4 + 4.4 * floor;
    for (int window = 0; window < windows; ++window) {
      const double wx = x + 2 + 3.6 * window;
      if (random.chance(share)) {
        set_color(cr, mix(hex(0xffd98a), hex(0xfff3d6), random.unit()), mood.night ? 0.85 : 0.6);
      } else {
        set_color(cr, lighten(wall, -0.25), mood.night ? 0.3 : 0.4);
      }
      cairo_rectangle(cr, wx, y, 1.6, 2);
      cairo_fill(cr);
    }
  }
}

void paint_needle(cairo_t* cr, double x, double foot, const Rgb& color) {
  set_color(cr, color);
  cairo_move_to(cr, x - 9, foot);
  cairo_curve_to(cr, x - 2.5, foot - 34, x - 2, foot - 60, x - 3.4, foot - 88);
  cairo_line_to(cr, x + 3.4, foot - 88);
  cairo_curve_to(cr, x + 2, foot - 60, x + 2.5, foot - 34, x + 9, foot);
  cairo_line_to(cr, x + 5.4, foot);
  cairo_curve_to(cr, x + 2.2, foot - 26, x + 1.2, foot - 44, x, foot - 58);
  cairo_curve_to(cr, x - 1.2, foot - 44, x - 2.2, foot - 26, x - 5.4, foot);
  cairo_close_path(cr);
  cairo_fill(cr);
  cairo_move_to(cr, x - 15, foot - 93);
  cairo_curve_to(cr, x - 8, foot - 97, x + 8, foot - 97, x + 15, foot - 93);
  cairo_curve_to(cr, x + 8, foot - 87, x - 8, foot - 87, x - 15, foot - 93);
  cairo_fill(cr);
  cairo_rectangle(cr, x - 6, foot - 99, 12, 4);
  cairo_fill(cr);
  cairo_move_to(cr, x - 1.6, foot - 98);
  cairo_line_to(cr, x, foot - 122);
  cairo_line_to(cr, x + 1.6, foot - 98);
  cairo_fill(cr);
}

void paint_spire(cairo_t* cr, double x, double foot, const Rgb& color) {
  set_color(cr, color);
  cairo_rectangle(cr, x - 14, foot - 74, 28, 74);
  cairo_rectangle(cr, x - 10, foot - 92, 20, 18);
  cairo_rectangle(cr, x - 5.5, foot - 102, 11, 10);
  cairo_fill(cr);
  cairo_move_to(cr, x - 2.2, foot - 102);
  cairo_line_to(cr, x, foot - 132);
  cairo_line_to(cr, x + 2.2, foot - 102);
  cairo_fill(cr);
}

void paint_arch(cairo_t* cr, double x, double foot, const Rgb& color) {
  set_color(cr, lighten(color, 0.2));
  cairo_set_line_width(cr, 4.2);
  cairo_move_to(cr, x - 46, foot);
  cairo_curve_to(cr, x - 38, foot - 122, x + 38, foot - 122, x + 46, foot);
  cairo_stroke(cr);
}

void paint_smoke(cairo_t* cr, const Mood& mood, Point from, Random random) {
  for (int i = 0; i < 22; ++i) {
    const double t = i / 22.0;
    const double rise = 46 * t * (1 - 0.45 * mood.wind);
    const Point at{from.x + mood.lean * 90 * std::pow(t, 1.4) + 2.5 * std::sin(i * 0.7) * t,
                   from.y - rise};
    const double r = 1.3 + 6 * t * random.between(0.8, 1.2);
    set_color(cr, mix(mood.mist, hex(0xffffff), mood.night ? 0.1 : 0.5), 0.22 * (1 - t));
    cairo_arc(cr, at.x, at.y, r, 0, 2 * kPi);
    cairo_fill(cr);
  }
}

void paint_window(cairo_t* cr, const Mood& mood, double x, double y, double w, double h) {
  const bool lit = lit_share(mood) > 0;
  if (lit) {
    const PatternPtr halo = radial({x + w / 2, y + h / 2}, 0, mood.night ? 26 : 12);
    add_stop(halo, 0, hex(0xffb347), mood.night ? 0.5 : 0.3);
    add_stop(halo, 1, hex(0xffb347), 0);
    cairo_set_source(cr, halo.get());
    cairo_arc(cr, x + w / 2, y + h / 2, 26, 0, 2 * kPi);
    cairo_fill(cr);
  }
  set_color(cr, lit ? hex(0xffd67a) : mood.seen(hex(0x3b4a58)));
  cairo_rectangle(cr, x, y, w, h);
  cairo_fill(cr);
}

}  // namespace

void paint_town(Canvas& canvas, const Mood& mood) {
  if (mood.place.landmark == Landmark::kNone) return;
  Random random = mood.random.stream("town");
  cairo_t* const cr = canvas.cr();
  const double center = canvas.width() * (mood.tall_on_left ? 0.8 : 0.2);
  const double foot = kWaterline - 6;
  const double distance =
      clamp01((mood.night ? 0.16 : 0.36) + 0.3 * mood.fog + 0.2 * mood.rain + 0.2 * mood.snowfall);
  const Rgb concrete = mood.night ? hex(0x49587c) : hex(0x61718a);
  for (int i = 0; i < 22; ++i) {
    const double off = random.between(-1, 1);
    const double height = random.between(16, 38) + 46 * std::exp(-7 * off * off) * random.unit();
    const Rgb wall = mood.seen(lighten(concrete, random.between(-0.08, 0.08)),
                               clamp01(distance + random.between(-0.06, 0.1)));
    paint_tower(cr, mood, center + off * 125, foot, random.between(11, 22), height, wall, random);
  }
  const double x = center + (mood.tall_on_left ? -104 : 104);
  const Rgb wall = mood.seen(lighten(concrete, -0.05), distance - 0.12);
  if (mood.place.landmark == Landmark::kNeedle) paint_needle(cr, x, foot, wall);
  if (mood.place.landmark == Landmark::kSpire) paint_spire(cr, center, foot, wall);
  if (mood.place.landmark == Landmark::kArch) paint_arch(cr, x, foot, wall);
}

void paint_cabin(Canvas& canvas, const Mood& mood, Point foot) {
  cairo_t* const cr = canvas.cr();
  const double side = mood.lamp.x > foot.x ? 1 : -1;
  const Rgb wall = mood.seen(hex(0x8a4b33), 0.06);
  const Rgb roof = mood.seen(mix(hex(0x4a4f5c), hex(0xf6f9fd), mood.snow_cover * 0.95), 0.04);
  paint_smoke(cr, mood, {foot.x + 9, foot.y - 32}, mood.random.stream("smoke"));
  set_color(cr, mood.seen(hex(0x6a5f58)));
  cairo_rectangle(cr, foot.x + 7, foot.y - 32, 5, 12);
  cairo_fill(cr);

  const PatternPtr planks = linear(foot.x - side * 20, 0, foot.x + side * 20, 0);
  add_stop(planks, 0, lighten(wall, -0.18));
  add_stop(planks, 1, lighten(wall, 0.06));
  cairo_set_source(cr, planks.get());
  cairo_move_to(cr, foot.x - 20, foot.y);
  cairo_line_to(cr, foot.x - 20, foot.y - 14);
  cairo_line_to(cr, foot.x, foot.y - 29);
  cairo_line_to(cr, foot.x + 20, foot.y - 14);
  cairo_line_to(cr, foot.x + 20, foot.y);
  cairo_close_path(cr);
  cairo_fill(cr);

  set_color(cr, roof);
  cairo_set_line_width(cr, 4.4);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
  cairo_move_to(cr, foot.x - 25, foot.y - 11);
  cairo_line_to(cr, foot.x, foot.y - 30);
  cairo_line_to(cr, foot.x + 25, foot.y - 11);
  cairo_stroke(cr);
  paint_window(cr, mood, foot.x - 13, foot.y - 12, 7, 7);
  paint_window(cr, mood, foot.x + 6, foot.y - 12, 7, 7);
  set_color(cr, mood.seen(hex(0x4a2c20)));
  cairo_rectangle(cr, foot.x - 3, foot.y - 11, 6, 11);
  cairo_fill(cr);
}

}  // namespace landscape::internal
