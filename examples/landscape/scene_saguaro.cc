// A saguaro, the column cactus of the Sonoran desert.

#include <array>

#include "internal/parts.h"

namespace landscape::internal {

void paint_saguaro(cairo_t* cr, const Mood& mood, Point foot, double height, Random random) {
  const double thick = height * 0.105;
  const double side = mood.lamp.x > foot.x ? 1 : -1;
  const Rgb skin = hex(0x4d6f45);
  cairo_save(cr);
  // Rounded on top, not at the foot.
  cairo_rectangle(cr, foot.x - height, foot.y - 2 * height, 2 * height, 2 * height);
  cairo_clip(cr);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  struct Arm {
    double side;
    double from;
    double out;
    double up;
  };
  const std::array<Arm, 2> arms{
      {{1, random.between(0.3, 0.42), 0.2, random.between(0.25, 0.38)},
       {-1, random.between(0.42, 0.54), 0.18, random.between(0.18, 0.3)}}};
  // Strokes of falling width and rising light model the ribs.
  constexpr int kRibs = 6;
  for (int rib = 0; rib < kRibs; ++rib) {
    const double t = static_cast<double>(rib) / kRibs;
    set_color(cr, mood.seen(lighten(skin, blend(-0.34, 0.12, t) + (rib % 2 == 0 ? 0 : -0.07))));
    const double width = thick * (1 - t);
    const double shift = side * thick * 0.3 * t;
    cairo_set_line_width(cr, width);
    cairo_move_to(cr, foot.x + shift, foot.y + 6);
    cairo_line_to(cr, foot.x + shift, foot.y - height + thick / 2);
    cairo_stroke(cr);
    cairo_set_line_width(cr, width * 0.72);
    for (const Arm& arm : arms) {
      const double x = foot.x + arm.side * height * arm.out;
      const double y = foot.y - height * arm.from;
      cairo_move_to(cr, foot.x + shift, y);
      cairo_curve_to(cr, x + shift, y, x + shift, y, x + shift * 0.8, y - height * 0.14);
      cairo_line_to(cr, x + shift * 0.8, y - height * arm.up);
      cairo_stroke(cr);
    }
  }
  cairo_restore(cr);
}

}  // namespace landscape::internal
