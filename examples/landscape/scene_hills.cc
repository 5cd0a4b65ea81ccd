// Wooded hills: rows of small trees, one row behind the other, mist between the hills.

#include <cmath>
#include <cstddef>
#include <numbers>

#include "internal/parts.h"
#include "internal/ridge.h"

namespace landscape::internal {
namespace {

constexpr double kPi = std::numbers::pi;

// The colour of one of many trees.
Rgb tree_color(const Mood& mood, Random& random) {
  const bool leafy = mood.place.tree == Tree::kBroadleaf && mood.season != Season::kWinter;
  Rgb color = mood.forest;
  if (leafy) {
    const Rgb& leaf = mood.leaves[static_cast<std::size_t>(random.below(3))];
    color =
        mix(color, leaf,
            mood.season == Season::kAutumn ? random.between(0.1, 0.9) : random.between(0, 0.35));
  }
  return lighten(color, random.between(-0.09, 0.07));
}

void small_conifer(cairo_t* cr, double x, double foot, double height, double lean) {
  const double half = height * 0.2;
  const double tip = x + lean * height * 0.12;
  cairo_move_to(cr, tip, foot - height);
  cairo_line_to(cr, x + half * 0.5, foot - height * 0.48);
  cairo_line_to(cr, x + half * 0.36, foot - height * 0.46);
  cairo_line_to(cr, x + half, foot);
  cairo_line_to(cr, x - half, foot);
  cairo_line_to(cr, x - half * 0.36, foot - height * 0.46);
  cairo_line_to(cr, x - half * 0.5, foot - height * 0.48);
  cairo_close_path(cr);
}

void small_round_tree(cairo_t* cr, double x, double foot, double height, Random& random) {
  for (int i = 0; i < 3; ++i) {
    const double r = height * random.between(0.26, 0.38);
    const double dx = (i - 1) * height * 0.24;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + dx, foot - height * random.between(0.42, 0.66), r, 0, 2 * kPi);
  }
  cairo_rectangle(cr, x - height * 0.4, foot - height * 0.45, height * 0.8, height * 0.5);
}

struct Woods {
  double top;       // of the row furthest back, below the ridge
  double distance;  // 0 near, 1 lost in the mist
  double size;      // of a tree
  int rows;
};

void paint_woods(Canvas& canvas, const Mood& mood, const Ridge& ridge, const Woods& woods,
                 Random random) {
  cairo_t* const cr = canvas.cr();
  const bool conifers = mood.place.tree == Tree::kConifer;
  const double white = 0.75 * mood.snow_cover;
  for (int row = 0; row < woods.rows; ++row) {
    const double down = woods.top + row * woods.size * 0.8;
    const double size = woods.size * (1 + 0.08 * row);
    double x = -10;
    while (x < canvas.width() + 10) {
      const double foot = ridge.at(x) + down + random.between(-0.2, 0.3) * size;
      const double height = size * random.between(0.7, 1.35);
      Rgb color = tree_color(mood, random);
      color = mix(color, hex(0xf2f6fb), white * random.between(0.3, 0.9));
      set_color(cr, mood.seen(color, woods.distance + 0.02 * (woods.rows - row)));
      if (conifers) {
        small_conifer(cr, x, foot, height * 1.35, mood.lean);
      } else {
        small_round_tree(cr, x, foot, height * 0.8, random);
      }
      cairo_fill(cr);
      x += size * random.between(0.28, 0.62);
    }
  }
}

void paint_slope(Canvas& canvas, const Mood& mood, const Ridge& ridge, const Rgb& color,
                 double distance, double bottom) {
  cairo_t* const cr = canvas.cr();
  const Rgb covered = mix(color, hex(0xeef3f9), mood.snow_cover * 0.8);
  const PatternPtr slope = linear(0, ridge.highest(), 0, bottom);
  add_stop(slope, 0, mood.seen(covered, distance));
  add_stop(slope, 1, mood.seen(covered, clamp01(distance + 0.25)));
  ridge.trace(cr, bottom);
  cairo_set_source(cr, slope.get());
  cairo_fill(cr);
}

double hill_haze(const Mood& mood) {
  return 0.3 * mood.fog + 0.06 * mood.rain + 0.12 * mood.snowfall;
}

}  // namespace

void paint_hills(Canvas& canvas, const Mood& mood) {
  Random random = mood.random.stream("hills");
  const double haze = hill_haze(mood);
  const bool open_country =
      mood.place.relief == Relief::kPlains || mood.place.relief == Relief::kDesert;
  const double tall = open_country ? 16 : mood.place.relief == Relief::kIsland ? 22 : 56;
  const double w = canvas.width();
  const Rgb& slope = open_country ? mood.ground : mood.forest;

  paint_mist(canvas, mood, kHorizon + 6, 52, 0.5 + 0.45 * mood.fog, "valley mist");
  const Ridge back = Ridge::hills(w, random.stream("back"), kHorizon + 12, tall);
  paint_slope(canvas, mood, back, slope, 0.48 + haze, kWaterline);
  if (mood.place.relief != Relief::kDesert) {
    paint_woods(canvas, mood, back, {2, 0.46 + haze, 8, open_country ? 1 : 5},
                random.stream("back woods"));
  }
  paint_mist(canvas, mood, kWaterline - 14, 32, 0.42 + 0.5 * mood.fog, "hill mist");

  const Ridge front = Ridge::hills(w, random.stream("front"), kWaterline - 5, tall * 0.62);
  paint_slope(canvas, mood, front, slope, 0.28 + haze, kWaterline + 2);
  if (mood.place.relief != Relief::kDesert) {
    paint_woods(canvas, mood, front, {3, 0.24 + haze, 11, open_country ? 1 : 5},
                random.stream("front woods"));
  }
}

void paint_far_shore(Canvas& canvas, const Mood& mood) {
  Random random = mood.random.stream("far shore");
  cairo_t* const cr = canvas.cr();
  const double w = canvas.width();
  const double distance = 0.12 + hill_haze(mood);
  const double cabin_x = w * (mood.tall_on_left ? 0.63 : 0.37);

  const Rgb meadow = mix(mood.ground, hex(0xf4f7fb), mood.snow_cover * 0.9);
  const Ridge shore = Ridge::hills(w, random.stream("shore"), kWaterline - 3, 7);
  const PatternPtr grass = linear(0, kWaterline - 12, 0, kWaterline + 2);
  add_stop(grass, 0, mood.seen(meadow, distance));
  add_stop(grass, 1, mood.seen(lighten(meadow, -0.22), distance));
  shore.trace(cr, kWaterline + 2);
  cairo_set_source(cr, grass.get());
  cairo_fill(cr);

  paint_cabin(canvas, mood, {cabin_x, kWaterline - 4});
  if (mood.place.relief == Relief::kDesert) return;
  double x = -20;
  while ((x += random.between(4, 13)) < w + 20) {
    // A clearing around the cabin, and groups with gaps between them elsewhere.
    const double clearing = smooth(30, 120, std::fabs(x - cabin_x));
    const double group =
        0.5 + 0.5 * std::sin(x * 0.021 + static_cast<double>(w) * 0.3) * std::sin(x * 0.0071 + 1.7);
    if (!random.chance(clearing * (0.15 + 0.85 * group))) continue;
    const double height = random.between(13, 32) * (0.6 + 0.5 * group);
    Rgb color = tree_color(mood, random);
    color = mix(lighten(color, -0.16), hex(0xf2f6fb), mood.snow_cover * random.between(0.15, 0.55));
    set_color(cr, mood.seen(color, distance));
    if (mood.place.tree == Tree::kConifer) {
      small_conifer(cr, x, kWaterline - 1, height * 1.3, mood.lean);
    } else {
      small_round_tree(cr, x, kWaterline - 1, height * 0.85, random);
    }
    cairo_fill(cr);
  }
}

}  // namespace landscape::internal
