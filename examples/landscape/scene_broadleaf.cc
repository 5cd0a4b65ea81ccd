// A broadleaf tree: limbs that fork into twigs, and leaves in clumps, by the season.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

// Where the crown is: an ellipse, shifted by the wind.
struct Crown {
  Point center;
  double across;
  double up;
};

class Limbs {
 public:
  Limbs(cairo_t* cr, const Mood& mood, Random random) : cr_(cr), mood_(mood), random_(random) {}

  void grow(Point from, double angle, double length, double thick, int forks) {
    const Point to{from.x + std::sin(angle) * length, from.y - std::cos(angle) * length};
    const double bow = random_.between(-0.14, 0.14) * length;
    const Point mid{(from.x + to.x) / 2 + bow * std::cos(angle),
                    (from.y + to.y) / 2 + bow * std::sin(angle)};
    stroke(from, mid, to, thick, mood_.seen(lighten(hex(0x4f3d31), random_.between(-0.05, 0.05))));
    if (mood_.snow_cover > 0.3 && std::fabs(std::sin(angle)) > 0.35) {
      const double lift = thick * 0.35;
      stroke({from.x, from.y - lift}, {mid.x, mid.y - lift}, {to.x, to.y - lift},
             std::max(0.6, thick * 0.45), mood_.seen(hex(0xf4f7fb)));
    }
    if (forks == 0) return;
    const int branches = random_.chance(0.4) ? 3 : 2;
    for (int i = 0; i < branches; ++i) {
      const double spread = branches == 2 ? (i == 0 ? -1 : 1) * random_.between(0.22, 0.55)
                                          : (i - 1) * random_.between(0.4, 0.7);
      grow(to, angle + spread + 0.12 * mood_.lean, length * random_.between(0.64, 0.82),
           thick * 0.62, forks - 1);
    }
  }

 private:
  void stroke(Point from, Point mid, Point to, double thick, const Rgb& color) {
    cairo_set_line_width(cr_, thick);
    set_color(cr_, color);
    cairo_move_to(cr_, from.x, from.y);
    cairo_curve_to(cr_, mid.x, mid.y, mid.x, mid.y, to.x, to.y);
    cairo_stroke(cr_);
  }

  cairo_t* cr_;
  const Mood& mood_;
  Random random_;
};

void paint_trunk(cairo_t* cr, const Mood& mood, Point foot, Point top, double thick) {
  const double flare = thick * 1.1;
  const bool lit_right = mood.lamp.x > foot.x;
  const PatternPtr bark = linear(foot.x - thick, 0, foot.x + thick, 0);
  add_stop(bark, lit_right ? 1 : 0, mood.seen(hex(0x64503f)));
  add_stop(bark, lit_right ? 0 : 1, mood.seen(hex(0x3d2e25)));
  cairo_set_source(cr, bark.get());
  cairo_move_to(cr, foot.x - flare, foot.y);
  cairo_curve_to(cr, foot.x - thick / 2, foot.y - thick, foot.x - thick / 2, foot.y - thick * 2,
                 top.x - thick * 0.33, top.y);
  cairo_line_to(cr, top.x + thick * 0.33, top.y);
  cairo_curve_to(cr, foot.x + thick / 2, foot.y - thick * 2, foot.x + thick / 2, foot.y - thick,
                 foot.x + flare, foot.y);
  cairo_close_path(cr);
  cairo_fill(cr);
}

void paint_limbs(cairo_t* cr, const Mood& mood, Point top, double height, const Crown& crown,
                 Random random) {
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  const bool bare = mood.season == Season::kWinter;
  constexpr int kLimbs = 7;
  for (int i = 0; i < kLimbs; ++i) {
    const double angle =
        (bare ? 1.2 : 0.85) * (2.0 * i / (kLimbs - 1) - 1) + random.between(-0.12, 0.12);
    // From the limb's foot to the crown's edge; a limb with all its forks is three lengths long.
    const double reach =
        std::hypot(crown.across * std::sin(angle), crown.up * (0.7 + 0.9 * std::cos(angle)));
    Limbs limbs(cr, mood, random.stream("limb"));
    limbs.grow({top.x, top.y + height * 0.05 * std::fabs(std::sin(angle))},
               angle + 0.35 * mood.lean, reach / (bare ? 3.1 : 5), height * 0.024, 5);
  }
}

double leaf_cover(Season season) {
  switch (season) {
    case Season::kSpring:
      return 0.8;
    case Season::kSummer:
      return 1;
    case Season::kAutumn:
      return 0.85;
    case Season::kWinter:
      break;
  }
  return 0;
}

// A clump: a shaded ball of leaves.
void paint_clump(cairo_t* cr, const Mood& mood, Point center, double radius, double tone,
                 double leaf_size, Random& random) {
  const double side = mood.lamp.x > center.x ? 0.6 : -0.6;
  const double cover = leaf_cover(mood.season);
  const Rgb leaf = mix(mood.leaves[static_cast<std::size_t>(random.below(3))],
                       mood.leaves[static_cast<std::size_t>(random.below(3))], random.unit());
  const int leaves = static_cast<int>(105 * cover);
  for (int i = 0; i < leaves; ++i) {
    // The shaded ones first, at the back.
    const double light = -1 + 2.0 * i / leaves + random.between(-0.35, 0.35);
    const double angle = random.between(0, 2 * kPi);
    const double out = radius * std::sqrt(random.unit());
    const double facing = (std::cos(angle) * side - std::sin(angle) * 0.8) * out / radius;
    const Point at{center.x + std::cos(angle) * out + side * light * radius * 0.25,
                   center.y + std::sin(angle) * out * 0.85 - light * radius * 0.22};
    set_color(cr, mood.seen(lighten(leaf, tone + 0.1 * light + 0.09 * facing - 0.08)), 0.94);
    cairo_save(cr);
    cairo_translate(cr, at.x, at.y);
    cairo_rotate(cr, random.between(0, kPi) + mood.lean);
    cairo_scale(cr, leaf_size * random.between(0.8, 1.4), leaf_size * random.between(0.5, 0.9));
    cairo_arc(cr, 0, 0, 1, 0, 2 * kPi);
    cairo_restore(cr);
    cairo_fill(cr);
  }
}

void paint_leaves(cairo_t* cr, const Mood& mood, double height, const Crown& crown, Random random) {
  struct Clump {
    Point at;
    double radius;
    double tone;
  };
  std::vector<Clump> clumps;
  const double side = mood.lamp.x > crown.center.x ? 0.6 : -0.6;
  for (int i = 0; i < 46; ++i) {
    // The golden angle spreads them evenly over the ellipse.
    const double out = std::sqrt((i + 0.5) / 46) * random.between(0.86, 1.04);
    const double angle = 2.39996 * i + random.between(-0.2, 0.2);
    const double nx = out * std::cos(angle);
    const double ny = out * std::sin(angle);
    clumps.push_back(
        {{crown.center.x + nx * crown.across * 0.86, crown.center.y + ny * crown.up * 0.86},
         height * random.between(0.058, 0.088),
         0.16 * (nx * side - ny * 0.8)});
  }
  std::ranges::sort(clumps, {}, &Clump::tone);
  for (const Clump& clump : clumps) {
    if (!random.chance(0.35 + 0.65 * leaf_cover(mood.season))) continue;
    paint_clump(cr, mood, clump.at, clump.radius, clump.tone, std::max(1.6, height * 0.0105),
                random);
  }
}

}  // namespace

void paint_broadleaf(cairo_t* cr, const Mood& mood, Point foot, double height, Random random) {
  const double sway = mood.lean * height * 0.17;
  const Point top{foot.x + sway * 0.3, foot.y - height * 0.33};
  const Crown crown{{foot.x + sway, foot.y - height * 0.62}, height * 0.36, height * 0.36};
  paint_limbs(cr, mood, top, height, crown, random.stream("limbs"));
  paint_trunk(cr, mood, foot, {top.x, top.y - height * 0.02}, height * 0.045);
  if (mood.season != Season::kWinter) {
    paint_leaves(cr, mood, height, crown, random.stream("leaves"));
  }
}

}  // namespace landscape::internal
