// A palm: a ringed trunk, fronds that the wind combs.

#include <cmath>
#include <numbers>

#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

// One frond: an arching rib with leaflets on both sides.
void frond(cairo_t* cr, Point from, double angle, double length, double lean, Random& random) {
  const double reach = std::cos(angle) * length + lean * length * 0.45;
  const double rise = std::sin(angle) * length;
  constexpr int kLeaflets = 26;
  const auto at = [&](double t) {
    return Point{from.x + reach * t, from.y - rise * t + length * 0.62 * t * t};
  };
  cairo_set_line_width(cr, 1.5);
  cairo_move_to(cr, from.x, from.y);
  for (int i = 1; i <= kLeaflets; ++i) {
    const Point rib = at(static_cast<double>(i) / kLeaflets);
    cairo_line_to(cr, rib.x, rib.y);
  }
  cairo_stroke(cr);
  for (int i = 2; i <= kLeaflets; ++i) {
    const double t = static_cast<double>(i) / kLeaflets;
    const Point rib = at(t);
    const double blade =
        length * 0.26 * std::sin(kPi * (0.12 + 0.8 * t)) * random.between(0.8, 1.1);
    for (const double side : {-1.0, 1.0}) {
      const double forward = (reach > 0 ? 1 : -1) * blade * 0.6;
      cairo_move_to(cr, rib.x - 0.9, rib.y);
      cairo_line_to(cr, rib.x + forward + lean * blade * 0.5,
                    rib.y + (side > 0 ? blade * 0.85 : -blade * 0.2));
      cairo_line_to(cr, rib.x + 1.6, rib.y + 0.6);
      cairo_close_path(cr);
    }
  }
  cairo_fill(cr);
}

}  // namespace

void paint_palm(cairo_t* cr, const Mood& mood, Point foot, double height, Random random) {
  const double curve = random.between(-0.14, 0.14) + mood.lean * 0.26;
  const auto trunk = [&](double t) {
    return Point{foot.x + curve * height * t * t, foot.y - height * 0.86 * t};
  };
  constexpr int kRings = 44;
  for (int i = 0; i < kRings; ++i) {
    const double t = static_cast<double>(i) / kRings;
    const Point low = trunk(t);
    const Point high = trunk(t + 1.15 / kRings);
    const double half = blend(height * 0.024, height * 0.012, std::sqrt(t));
    set_color(cr, mood.seen(lighten(hex(0x7a6350), i % 2 == 0 ? -0.08 : 0.03)));
    cairo_move_to(cr, low.x - half, low.y);
    cairo_line_to(cr, high.x - half * 1.12, high.y);
    cairo_line_to(cr, high.x + half * 1.12, high.y);
    cairo_line_to(cr, low.x + half, low.y);
    cairo_fill(cr);
  }
  const Point top = trunk(1);
  constexpr int kFronds = 17;
  for (int i = 0; i < kFronds; ++i) {
    const double angle = kPi * (-0.16 + 1.32 * (i * 7 % kFronds) / (kFronds - 1.0));
    const double length = height * random.between(0.27, 0.35);
    const double tone = -0.16 + 0.22 * i / kFronds + random.between(-0.03, 0.03);
    set_color(cr, mood.seen(lighten(hex(0x3f7a3c), tone)));
    frond(cr, top, angle, length, mood.lean, random);
  }
}

}  // namespace landscape::internal
