// The far land: which ranges stand behind the lake, by the place's relief.

#include "internal/parts.h"
#include "internal/range.h"

namespace landscape::internal {
namespace {

double haze_of(const Mood& mood) {
  return 0.22 + 0.34 * mood.fog + 0.1 * mood.rain + 0.22 * mood.snowfall + 0.12 * mood.heat;
}

void paint_mountains(Canvas& canvas, const Mood& mood, Random random) {
  const double haze = haze_of(mood);
  const double w = canvas.width();
  const double main_x = w * (mood.tall_on_left ? 0.42 : 0.58);
  const double height = mood.place.volcano ? 200 : random.between(190, 230);
  paint_range(canvas, mood,
              {.ridge = Ridge::summits(w, random.stream("far"), kHorizon, height, main_x,
                                       mood.place.volcano),
               .base = kHorizon + 20,
               .tallest = height + 10,
               .distance = haze + 0.16,
               .contrast = 1,
               .rugged = mood.place.volcano ? 0.75 : 1,
               .strata = false},
              random.stream("far faces"));
  paint_range(canvas, mood,
              {.ridge = Ridge::summits(w, random.stream("near"), kHorizon + 10,
                                       mood.place.volcano ? 84 : 112,
                                       mood.tall_on_left ? w * 0.78 : w * 0.22, false),
               .base = kHorizon + 26,
               .tallest = 175,
               .distance = haze + 0.02,
               .contrast = 1,
               .rugged = 1,
               .strata = false},
              random.stream("near faces"));
}

void paint_mesas(Canvas& canvas, const Mood& mood, Random random) {
  const double haze = haze_of(mood);
  const double w = canvas.width();
  paint_range(canvas, mood,
              {.ridge = Ridge::mesas(w, random.stream("far"), kHorizon, 124),
               .base = kHorizon + 20,
               .tallest = 130,
               .distance = haze + 0.26,
               .contrast = 0.7,
               .rugged = 0.8,
               .strata = true},
              random.stream("far faces"));
  paint_range(canvas, mood,
              {.ridge = Ridge::mesas(w, random.stream("near"), kHorizon + 8, 92),
               .base = kHorizon + 24,
               .tallest = 110,
               .distance = haze - 0.04,
               .contrast = 1,
               .rugged = 0.8,
               .strata = true},
              random.stream("near faces"));
}

void paint_island(Canvas& canvas, const Mood& mood, Random random) {
  const double w = canvas.width();
  paint_range(canvas, mood,
              {.ridge = Ridge::summits(w, random.stream("far"), kHorizon + 14, 150,
                                       w * (mood.tall_on_left ? 0.44 : 0.56), mood.place.volcano),
               .base = kHorizon + 26,
               .tallest = 165,
               .distance = haze_of(mood) + 0.08,
               .contrast = 1,
               .rugged = 1,
               .strata = false},
              random.stream("faces"));
}

// Rounded ridges, `height` above the horizon, one behind the other.
void paint_ridges(Canvas& canvas, const Mood& mood, double height, int count, Random random) {
  for (int i = 0; i < count; ++i) {
    const double back = count - 1 - i;
    const double up = height * (0.62 + 0.2 * back);
    paint_range(canvas, mood,
                {.ridge = Ridge::hills(canvas.width(), Random(random.next()),
                                       kHorizon - 6 - 0.24 * height * back, up),
                 .base = kHorizon + 24,
                 .tallest = up + 24 + 0.24 * height * back,
                 .distance = haze_of(mood) + 0.06 + 0.15 * back,
                 .contrast = 0.34,
                 .rugged = 0.1,
                 .strata = false},
                Random(random.next()));
  }
}

}  // namespace

void paint_far_land(Canvas& canvas, const Mood& mood) {
  const Random random = mood.random.stream("far land");
  switch (mood.place.relief) {
    case Relief::kMountains:
      paint_mountains(canvas, mood, random);
      break;
    case Relief::kDesert:
      paint_mesas(canvas, mood, random);
      break;
    case Relief::kIsland:
      paint_island(canvas, mood, random);
      break;
    case Relief::kHills:
      paint_ridges(canvas, mood, 96, 3, random);
      break;
    case Relief::kPlains:
      paint_ridges(canvas, mood, 34, 2, random);
      break;
  }
}

}  // namespace landscape::internal
