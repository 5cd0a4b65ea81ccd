// A conifer: boughs over boughs, bent by the wind, with snow on them when there is snow.

#include <algorithm>
#include <cmath>

#include "internal/parts.h"

namespace landscape::internal {
namespace {

// Where a point of a straight tree comes to lie when the wind bends it: the top most of all.
Point bent(const Mood& mood, Point foot, double height, Point at) {
  const double up = clamp01((foot.y - at.y) / height);
  return {at.x + mood.lean * height * 0.26 * up * up,
          at.y + std::fabs(mood.lean) * height * 0.03 * up * up};
}

// One bough: a blade from the stem outwards and down, with twigs below.
void bough(cairo_t* cr, Point from, Point to, double thick, Random& random) {
  cairo_move_to(cr, from.x, from.y - thick);
  cairo_line_to(cr, to.x, to.y);
  constexpr int kTwigs = 5;
  for (int i = kTwigs; i > 0; --i) {
    const double t = i / (kTwigs + 1.0);
    const double x = blend(from.x, to.x, t);
    const double y = blend(from.y, to.y, t);
    cairo_line_to(cr, x, y + thick * random.between(1.3, 2.6) * (1.1 - t));
    cairo_line_to(cr, blend(from.x, to.x, t - 0.08), y + thick * 0.3);
  }
  cairo_line_to(cr, from.x, from.y + thick);
  cairo_close_path(cr);
}

}  // namespace

void paint_conifer(cairo_t* cr, const Mood& mood, Point foot, double height, Random random) {
  const double lamp_side = mood.lamp.x > foot.x ? 1 : -1;
  const Rgb needles = hex(0x2a4d3d);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  set_color(cr, mood.seen(hex(0x3d2c22)));
  const Point top = bent(mood, foot, height, {foot.x, foot.y - height * 0.97});
  const double trunk = height * 0.014;
  cairo_move_to(cr, foot.x - trunk, foot.y);
  cairo_curve_to(cr, foot.x - trunk, foot.y - height * 0.5, top.x, top.y, top.x, top.y);
  cairo_curve_to(cr, top.x, top.y, foot.x + trunk, foot.y - height * 0.5, foot.x + trunk, foot.y);
  cairo_fill(cr);

  const int boughs = static_cast<int>(height * 0.5);
  for (int i = 0; i < boughs; ++i) {
    // From the lowest, so that each lies over the one below.
    const double up = 0.1 + 0.9 * (i + random.unit()) / boughs;
    const double side = i % 2 == 0 ? 1 : -1;
    const double reach = height * 0.2 * std::pow(1 - up, 0.82) * random.between(0.55, 1.08) + 1.5;
    const double inward = random.chance(0.3) ? random.between(0.2, 0.7) : 1;
    const Point at{foot.x, foot.y - height * up};
    const Point from = bent(mood, foot, height, at);
    const Point to = bent(mood, foot, height,
                          {at.x + side * reach * inward, at.y + reach * random.between(0.28, 0.5)});
    const double thick = std::max(1.2, reach * 0.11);
    const double lit =
        (side == lamp_side ? 0.07 : -0.1) + 0.1 * (1 - inward) + random.between(-0.05, 0.05);
    set_color(cr, mood.seen(lighten(needles, lit)));
    bough(cr, from, to, thick, random);
    cairo_fill(cr);
    if (random.chance(mood.snow_cover * 0.8)) {
      set_color(cr, mood.seen(lighten(hex(0xe7eef7), side == lamp_side ? 0.4 : -0.08)), 0.95);
      const Point snow_from{blend(from.x, to.x, 0.22), blend(from.y, to.y, 0.22) - thick};
      cairo_move_to(cr, snow_from.x, snow_from.y);
      cairo_line_to(cr, blend(from.x, to.x, 0.97), blend(from.y, to.y, 0.97) - 0.6);
      cairo_line_to(cr, blend(from.x, to.x, 0.6), blend(from.y, to.y, 0.6) + thick * 0.55);
      cairo_close_path(cr);
      cairo_fill(cr);
    }
  }
}

}  // namespace landscape::internal
