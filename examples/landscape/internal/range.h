// Range: one range of far land, its faces lit from the lamp's side, with snow above the snow line.
#pragma once

#include "internal/canvas.h"
#include "internal/mood.h"
#include "internal/random.h"
#include "internal/ridge.h"

namespace landscape::internal {

struct Range {
  Ridge ridge;
  double base;      // its foot, in design units from the top
  double tallest;   // how far the highest ridge stands above the foot
  double distance;  // 0 near, 1 lost in the mist
  double contrast;  // of lit to shaded faces, 0 to 1
  double rugged;    // 0: rounded; 1: ribs and gullies run down from the ridge
  bool strata;      // layered rock, as in mesas
};

void paint_range(Canvas& canvas, const Mood& mood, const Range& range, Random random);

}  // namespace landscape::internal
