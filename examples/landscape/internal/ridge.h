// Ridge: the upper edge of a stretch of land, from the left of the picture to the right.
#pragma once

#include <vector>

#include <cairo.h>

#include "internal/random.h"

namespace landscape::internal {

class Ridge {
 public:
  // Peaks of different heights up to `height` above `foot`, the highest at `main_x`; a volcano's is
  // broad and stands out.
  static Ridge summits(double width, Random random, double foot, double height, double main_x,
                       bool volcano);
  // Flat tops with steep sides.
  static Ridge mesas(double width, Random random, double foot, double height);
  // Rolling land.
  static Ridge hills(double width, Random random, double foot, double height);

  // The height (from the top, in design units) at `x`; beyond the picture, that of its edge.
  double at(double x) const;
  double highest() const;

  // How steeply it goes down towards the right, at every unit of x, averaged over `radius` units.
  std::vector<double> slopes(int radius) const;

  // Makes the land below the ridge, down to `bottom`, the path of `cr`.
  void trace(cairo_t* cr, double bottom) const;

 private:
  explicit Ridge(double width);

  std::vector<double> y_;  // one for each half unit
};

}  // namespace landscape::internal
