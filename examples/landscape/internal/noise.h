// Noise: smooth random hills over the plane (gradient noise), of which ridges, clouds and mist are
// made. Immutable once made; the same seed gives the same hills.
#pragma once

#include <array>
#include <cstdint>

#include "internal/random.h"

namespace landscape::internal {

class Noise {
 public:
  explicit Noise(Random random);

  // From -1 to 1; one hill is about one unit wide.
  float at(float x, float y) const;

  // Hills upon hills, each octave half as wide and half as high: from -1 to 1, mostly within 0.5.
  float layered(float x, float y, int octaves) const;

  // Like layered(), but with sharp crests: from 0 to 1.
  float ridged(float x, float y, int octaves) const;

 private:
  float gradient(int x, int y, float dx, float dy) const;

  std::array<std::uint8_t, 256> permutation_;
};

}  // namespace landscape::internal
