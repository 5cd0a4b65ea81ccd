// The near shore: the ground at the viewer's feet, its grass, and the trees that frame the picture.

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "internal/noise.h"
#include "internal/parts.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

// The shore rises towards the side where the tall trees stand.
class Shore {
 public:
  Shore(const Mood& mood, double width)
      : noise_(mood.random.stream("near shore")), width_(width), left_(mood.tall_on_left) {}

  double at(double x) const {
    const double away = (left_ ? x : width_ - x) / width_;
    const double rise = 44 * smooth(0.5, 0, away) - 16 * smooth(0.4, 0.9, away);
    return kBank + 18 - rise + 16 * noise_.layered(static_cast<float>(x / 240), 0.4F, 4);
  }

 private:
  Noise noise_;
  double width_;
  bool left_;
};

Rgb ground_color(const Mood& mood) {
  return mix(lighten(mood.ground, -0.12), hex(0xe4ecf6), mood.snow_cover);
}

void paint_ground(Canvas& canvas, const Mood& mood, const Shore& shore) {
  cairo_t* const cr = canvas.cr();
  const Rgb ground = ground_color(mood);
  const double dark = mood.snow_cover > 0.5 ? -0.1 : -0.36;
  const PatternPtr soil = linear(0, kBank - 20, 0, Canvas::kHeight);
  add_stop(soil, 0, mood.seen(ground));
  add_stop(soil, 0.45, mood.seen(lighten(ground, dark * 0.6)));
  add_stop(soil, 1, mood.seen(lighten(ground, dark)));
  cairo_new_path(cr);
  cairo_move_to(cr, -6, Canvas::kHeight + 6);
  for (int x = -6; x <= canvas.width() + 6; x += 3) cairo_line_to(cr, x, shore.at(x));
  cairo_line_to(cr, canvas.width() + 6, Canvas::kHeight + 6);
  cairo_close_path(cr);
  cairo_set_source(cr, soil.get());
  cairo_fill(cr);
}

void paint_blade(cairo_t* cr, const Mood& mood, Point foot, double height, double sway) {
  const double tip = foot.x + sway * height * 0.35 + mood.lean * height * 0.75;
  cairo_move_to(cr, foot.x - 0.9, foot.y);
  cairo_curve_to(cr, foot.x - 0.4, foot.y - height * 0.5, blend(foot.x, tip, 0.4),
                 foot.y - height * 0.8, tip, foot.y - height);
  cairo_curve_to(cr, blend(foot.x, tip, 0.5) + 1, foot.y - height * 0.7, foot.x + 0.9,
                 foot.y - height * 0.4, foot.x + 0.9, foot.y);
  cairo_close_path(cr);
}

void paint_grass(Canvas& canvas, const Mood& mood, const Shore& shore) {
  Random random = mood.random.stream("grass");
  cairo_t* const cr = canvas.cr();
  const bool desert = mood.place.relief == Relief::kDesert;
  const double dense = (desert ? 0.2 : 1) * (1 - 0.72 * mood.snow_cover);
  for (int row = 0; row < 5; ++row) {
    const double down = row * 15 - 1.0;
    double x = -5;
    while ((x += random.between(2.2, 5.5)) < canvas.width() + 5) {
      const double height = random.between(7, 17) + row * 1.5;
      const double sway = random.between(-1, 1);
      const double shade = random.between(-0.2, 0.1) - 0.09 * row;
      const double dry = random.unit();
      if (!random.chance(dense)) continue;
      const Rgb blade = mix(
          mood.ground, hex(0xb7a866),
          dry * (mood.season == Season::kSummer || mood.season == Season::kSpring ? 0.3 : 0.75));
      set_color(cr, mood.seen(lighten(blade, shade)));
      paint_blade(cr, mood, {x, shore.at(x) + down + random.between(0, 9)}, height, sway);
      cairo_fill(cr);
    }
  }
}

// Flowers in spring and early summer, fallen leaves in autumn.
void paint_specks(Canvas& canvas, const Mood& mood, const Shore& shore) {
  if (mood.season == Season::kWinter || mood.snow_cover > 0.3) return;
  if (mood.place.relief == Relief::kDesert || mood.place.tropical) return;
  Random random = mood.random.stream("specks");
  cairo_t* const cr = canvas.cr();
  const bool autumn = mood.season == Season::kAutumn;
  const std::array<Rgb, 3> flowers{hex(0xf6f2e4), hex(0xf2cf4a), hex(0xb48ad6)};
  const int count = autumn ? 150 : mood.season == Season::kSpring ? 170 : 70;
  for (int i = 0; i < count; ++i) {
    const double x = random.unit() * canvas.width();
    const double y = shore.at(x) + std::pow(random.unit(), 1.6) * 70 - 6;
    const Rgb color = (autumn ? mood.leaves : flowers)[static_cast<std::size_t>(random.below(3))];
    set_color(cr, mood.seen(color), 0.9);
    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_rotate(cr, random.between(-0.6, 0.6));
    cairo_scale(cr, autumn ? 2.6 : 1.7, autumn ? 1.1 : 1.5);
    cairo_arc(cr, 0, 0, random.between(0.7, 1.15), 0, 2 * kPi);
    cairo_restore(cr);
    cairo_fill(cr);
  }
}

void paint_frame_trees(Canvas& canvas, const Mood& mood, const Shore& shore) {
  Random random = mood.random.stream("frame trees");
  struct Spot {
    double away;  // from the tall side, as a share of the width
    double height;
  };
  std::vector<Spot> spots;
  switch (mood.place.tree) {
    case Tree::kConifer:
      spots = {{0.165, 205}, {0.005, 330}, {0.105, 300}, {0.055, 430}, {0.955, 150}, {0.985, 210}};
      break;
    case Tree::kBroadleaf:
      spots = {{0.2, 175}, {0.075, 380}, {0.975, 150}};
      break;
    case Tree::kPalm:
      spots = {{0.16, 250}, {0.035, 330}, {0.095, 400}, {0.965, 190}};
      break;
    case Tree::kSaguaro:
      spots = {{0.21, 110}, {0.09, 270}, {0.93, 90}};
      break;
  }
  for (const Spot& spot : spots) {
    const double away = (spot.away + random.between(-0.012, 0.012)) * canvas.width();
    const double x = mood.tall_on_left ? away : canvas.width() - away;
    const double height = spot.height * random.between(0.92, 1.08);
    const Point foot{x, shore.at(x) + 8};
    switch (mood.place.tree) {
      case Tree::kConifer:
        paint_conifer(canvas.cr(), mood, foot, height, random.stream("conifer"));
        break;
      case Tree::kBroadleaf:
        paint_broadleaf(canvas.cr(), mood, foot, height, random.stream("broadleaf"));
        break;
      case Tree::kPalm:
        paint_palm(canvas.cr(), mood, foot, height, random.stream("palm"));
        break;
      case Tree::kSaguaro:
        paint_saguaro(canvas.cr(), mood, foot, height, random.stream("saguaro"));
        break;
    }
  }
}

}  // namespace

void paint_near_shore(Canvas& canvas, const Mood& mood) {
  const Shore shore(mood, canvas.width());
  paint_ground(canvas, mood, shore);
  paint_frame_trees(canvas, mood, shore);
  paint_grass(canvas, mood, shore);
  paint_specks(canvas, mood, shore);
}

}  // namespace landscape::internal
