#include "internal/noise.h"

#include <cmath>
#include <cstddef>
#include <utility>

namespace landscape::internal {
namespace {

constexpr float kDiagonal = 0.70710678F;
constexpr std::array<std::array<float, 2>, 8> kGradients{{{1, 0},
                                                          {-1, 0},
                                                          {0, 1},
                                                          {0, -1},
                                                          {kDiagonal, kDiagonal},
                                                          {-kDiagonal, kDiagonal},
                                                          {kDiagonal, -kDiagonal},
                                                          {-kDiagonal, -kDiagonal}}};

float fade(float t) {
  return t * t * t * (t * (t * 6 - 15) + 10);
}
float lerp(float a, float b, float t) {
  return a + (b - a) * t;
}

}  // namespace

Noise::Noise(Random random) : permutation_() {
  for (std::size_t i = 0; i < permutation_.size(); ++i) {
    permutation_[i] = static_cast<std::uint8_t>(i);
  }
  for (std::size_t i = permutation_.size() - 1; i > 0; --i) {
    std::swap(permutation_[i],
              permutation_[static_cast<std::size_t>(random.below(static_cast<int>(i) + 1))]);
  }
}

float Noise::gradient(int x, int y, float dx, float dy) const {
  const auto column = permutation_[static_cast<std::size_t>(x & 255)];
  const auto cell = permutation_[static_cast<std::size_t>((column + y) & 255)];
  const auto& direction = kGradients[cell & 7U];
  return direction[0] * dx + direction[1] * dy;
}

float Noise::at(float x, float y) const {
  const float left = std::floor(x);
  const float top = std::floor(y);
  const int column = static_cast<int>(left);
  const int row = static_cast<int>(top);
  const float dx = x - left;
  const float dy = y - top;
  const float u = fade(dx);
  const float above = lerp(gradient(column, row, dx, dy), gradient(column + 1, row, dx - 1, dy), u);
  const float below =
      lerp(gradient(column, row + 1, dx, dy - 1), gradient(column + 1, row + 1, dx - 1, dy - 1), u);
  return lerp(above, below, fade(dy)) * 1.4142F;
}

float Noise::layered(float x, float y, int octaves) const {
  float sum = 0;
  float height = 0.5F;
  for (int i = 0; i < octaves; ++i) {
    sum += height * at(x, y);
    // Not quite two, and shifted: the octaves' lattices must not fall on each other.
    x = x * 1.97F + 17.3F;
    y = y * 1.97F + 5.9F;
    height *= 0.5F;
  }
  return sum;
}

float Noise::ridged(float x, float y, int octaves) const {
  float sum = 0;
  float height = 0.5F;
  float weight = 1;
  for (int i = 0; i < octaves; ++i) {
    const float crest = 1 - std::fabs(at(x, y));
    const float sharp = crest * crest * weight;
    weight = sharp;
    sum += height * sharp;
    x = x * 2.03F + 11.7F;
    y = y * 2.03F + 3.1F;
    height *= 0.5F;
  }
  return sum;
}

}  // namespace landscape::internal
