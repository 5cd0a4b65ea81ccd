#include "internal/dither.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "internal/random.h"

namespace landscape::internal {
namespace {

struct Error {
  float r = 0;
  float g = 0;
  float b = 0;
};

const Rgb& nearest(std::span<const Rgb> palette, const Rgb& color) {
  const auto distance = [&color](const Rgb& ink) {
    const double r = ink.r - color.r;
    const double g = ink.g - color.g;
    const double b = ink.b - color.b;
    return 0.30 * r * r + 0.59 * g * g + 0.11 * b * b + 0.25 * (r * r + b * b);
  };
  return *std::ranges::min_element(palette, {}, distance);
}

// One row of Floyd and Steinberg's error diffusion, in the direction `step`.
class Diffusion {
 public:
  explicit Diffusion(int width)
      : width_(width), here_(static_cast<std::size_t>(width) + 2), below_(here_) {}

  void row(std::uint32_t* pixels, int step, std::span<const Rgb> palette) {
    const int first = step > 0 ? 0 : width_ - 1;
    for (int i = 0, x = first; i < width_; ++i, x += step) {
      const Rgb color = hex(pixels[x] & 0xffffffU);
      const Error& carried = at(here_, x);
      // Errors that no ink can make good must not pile up.
      const Rgb wanted{std::clamp(color.r + carried.r, -0.25, 1.25),
                       std::clamp(color.g + carried.g, -0.25, 1.25),
                       std::clamp(color.b + carried.b, -0.25, 1.25)};
      const double jitter = 0.12 * (random_.unit() - 0.5);
      const Rgb& ink = nearest(palette, {wanted.r + jitter, wanted.g + jitter, wanted.b + jitter});
      pixels[x] = packed(ink);
      const Error error{static_cast<float>(wanted.r - ink.r), static_cast<float>(wanted.g - ink.g),
                        static_cast<float>(wanted.b - ink.b)};
      add(at(here_, x + step), error, 7.0F / 16);
      add(at(below_, x - step), error, 3.0F / 16);
      add(at(below_, x), error, 5.0F / 16);
      add(at(below_, x + step), error, 1.0F / 16);
    }
    std::swap(here_, below_);
    std::ranges::fill(below_, Error{});
  }

 private:
  // One more place on either side takes what falls off the edge.
  static Error& at(std::vector<Error>& errors, int x) {
    return errors[static_cast<std::size_t>(x) + 1];
  }
  static void add(Error& to, const Error& error, float share) {
    to.r += error.r * share;
    to.g += error.g * share;
    to.b += error.b * share;
  }

  int width_;
  // A little chance breaks up the worms and checkerboards that error diffusion is prone to.
  Random random_{1};
  std::vector<Error> here_;
  std::vector<Error> below_;
};

// A picture in shades of grey, from 0 to 1.
class Greys {
 public:
  explicit Greys(Canvas& canvas)
      : width_(canvas.pixel_width()),
        height_(canvas.pixel_height()),
        values_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_)) {
    for (int y = 0; y < height_; ++y) {
      const std::uint32_t* const row = canvas.row(y);
      for (int x = 0; x < width_; ++x) {
        const Rgb color = hex(row[x] & 0xffffffU);
        at(x, y) = static_cast<float>(0.30 * color.r + 0.59 * color.g + 0.11 * color.b);
      }
    }
  }

  float& at(int x, int y) {
    return values_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                   static_cast<std::size_t>(x)];
  }

  // The value below which that share of the pixels lies.
  float quantile(double share) const {
    std::vector<float> sorted = values_;
    const auto nth = sorted.begin() +
                     static_cast<std::ptrdiff_t>(share * static_cast<double>(sorted.size() - 1));
    std::ranges::nth_element(sorted, nth);
    return *nth;
  }

  // Averages over `radius` pixels along x (step 1, 0) or y (0, 1).
  Greys blurred(int radius, int step_x, int step_y) {
    Greys result = *this;
    for (int y = 0; y < height_; ++y) {
      for (int x = 0; x < width_; ++x) {
        float sum = 0;
        for (int i = -radius; i <= radius; ++i) {
          sum += at(std::clamp(x + i * step_x, 0, width_ - 1),
                    std::clamp(y + i * step_y, 0, height_ - 1));
        }
        result.at(x, y) = sum / static_cast<float>(2 * radius + 1);
      }
    }
    return result;
  }

 private:
  int width_;
  int height_;
  std::vector<float> values_;
};

}  // namespace

void dither(Canvas& canvas, std::span<const Rgb> palette) {
  Diffusion diffusion(canvas.pixel_width());
  for (int y = 0; y < canvas.pixel_height(); ++y) {
    diffusion.row(canvas.row(y), y % 2 == 0 ? 1 : -1, palette);
  }
  canvas.touched();
}

void to_full_range_grey(Canvas& canvas) {
  constexpr int kRadius = 7;
  constexpr double kSharpen = 0.8;
  Greys greys(canvas);
  const double low = greys.quantile(0.01);
  const double high = std::max<double>(greys.quantile(0.985), low + 0.01);
  Greys around = greys.blurred(kRadius, 1, 0).blurred(kRadius, 0, 1);
  for (int y = 0; y < canvas.pixel_height(); ++y) {
    std::uint32_t* const row = canvas.row(y);
    for (int x = 0; x < canvas.pixel_width(); ++x) {
      const double sharp = greys.at(x, y) + kSharpen * (greys.at(x, y) - around.at(x, y));
      const double tone = clamp01((sharp - low) / (high - low));
      const double grey = blend(tone, smooth(0, 1, tone), 0.35);
      row[x] = packed({grey, grey, grey});
    }
  }
  canvas.touched();
}

}  // namespace landscape::internal
