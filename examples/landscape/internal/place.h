// What kind of country a place lies in: the shape of its land and the trees that grow there, told
// from the state and the coordinates. A painter's geography, not a surveyor's.
#pragma once

#include "location.h"

namespace landscape::internal {

enum class Relief { kPlains, kHills, kMountains, kDesert, kIsland };
enum class Tree { kConifer, kBroadleaf, kPalm, kSaguaro };
// What a large city is known by from afar.
enum class Landmark { kNone, kTowers, kNeedle, kSpire, kArch };

struct Place {
  Relief relief = Relief::kHills;
  Tree tree = Tree::kBroadleaf;
  Landmark landmark = Landmark::kNone;
  bool volcano = false;  // the highest mountain stands alone, as in the Cascades
  bool tropical = false;
};

Place place_of(const Location& location);

}  // namespace landscape::internal
