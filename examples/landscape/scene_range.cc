#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "internal/noise.h"
#include "internal/range.h"

namespace landscape::internal {
namespace {

float narrow(double value) {
  return static_cast<float>(value);
}

struct Tones {
  Rgb lit, shade, snow_lit, snow_shade, foot;
};

Tones tones_of(const Mood& mood, const Range& range) {
  const Rgb rock = mood.seen(mood.rock);
  const double up = range.contrast * (mood.night ? 0.14 : 0.34);
  // At night snow is what the moon, or the city's glow on the clouds, falls on first.
  const Rgb snow = mood.night ? mix(mood.sky_low, mood.light, 0.32) : mood.seen(hex(0xfdfbf8));
  const double distance = clamp01(range.distance);
  const auto away = [&](const Rgb& color) { return mix(color, mood.mist, distance); };
  return {away(mix(lighten(rock, up * 0.6), mood.light, up)),
          away(mix(lighten(rock, -0.8 * up), mood.sky_top, 0.25)),
          mix(mix(snow, mood.light, 0.25), mood.mist, distance * 0.6),
          mix(mix(snow, mood.sky_top, mood.night ? 0.62 : 0.46), mood.mist, distance * 0.7),
          mix(rock, mood.mist, blend(distance, 1, 0.62))};
}

Rgb between(const Rgb& a, const Rgb& b, double amount) {
  return {blend(a.r, b.r, amount), blend(a.g, b.g, amount), blend(a.b, b.b, amount)};
}

// Which way the face looks at a point `down` below the ridge. Ribs run down from every summit, and
// wander, the more the further down.
class Faces {
 public:
  Faces(const Ridge& ridge, const Noise& noise, double rugged)
      : noise_(noise),
        rugged_(rugged),
        fine_(ridge.slopes(3)),
        broad_(ridge.slopes(11)),
        vast_(ridge.slopes(30)) {}

  // Above 0 towards the right, below 0 towards the left.
  double slope(double x, double down) const {
    const double depth = clamp01(down / 60);
    const double wander = down * 0.7 * noise_.layered(narrow(x / 70), narrow(down / 60), 2);
    const double at = x + wander;
    const double ribs = 0.62 * noise_.at(narrow(at / 37), narrow(down / 120)) +
                        0.42 * noise_.at(narrow(at / 13 + 31), narrow(down / 55));
    const double lie = blend(blend(sample(fine_, at), sample(broad_, at), clamp01(depth * 2)),
                             sample(vast_, at), depth);
    return lie * (1 - 0.3 * rugged_) + rugged_ * ribs * clamp01(0.35 + depth);
  }

 private:
  static double sample(const std::vector<double>& slopes, double x) {
    const double at = std::clamp(x, 0.0, static_cast<double>(slopes.size() - 2));
    const auto left = static_cast<std::size_t>(at);
    return blend(slopes[left], slopes[left + 1], at - static_cast<double>(left));
  }

  const Noise& noise_;
  double rugged_;
  std::vector<double> fine_;
  std::vector<double> broad_;
  std::vector<double> vast_;
};

// The colour of the range at each point.
class Surface {
 public:
  Surface(const Mood& mood, const Range& range, Random random)
      : mood_(mood),
        range_(range),
        noise_(random),
        faces_(range.ridge, noise_, range.rugged),
        tones_(tones_of(mood, range)) {}

  Rgb at(double x, double y, double crest) const {
    const double side = std::clamp((mood_.lamp.x - x) / 90, -1.0, 1.0);
    const double slope = faces_.slope(x, std::max(y - crest, 0.0));
    const double lit = smooth(-0.32, 0.36, slope * side + 0.05);
    const double height = (range_.base - y) / range_.tallest;
    Rgb face = between(tones_.shade, tones_.lit, lit);
    if (range_.strata) {
      face = bedded(face, x, y);
    } else {
      const Rgb snow = between(tones_.snow_shade, tones_.snow_lit, lit);
      face = between(face, snow, snow_at(x, y, height + 0.06 * lit));
    }
    return between(face, tones_.foot, 0.85 * std::pow(clamp01(1 - height), 2.2));
  }

 private:
  double snow_at(double x, double y, double height) const {
    // Tongues of ice reach down, longer than they are wide.
    const double ragged = 0.2 * noise_.layered(narrow(x / 21), narrow(y / 34), 4);
    return smooth(-0.02, 0.03, height + ragged - mood_.snow_line);
  }

  Rgb bedded(const Rgb& face, double x, double y) const {
    const double band = 1 + 0.2 * noise_.layered(narrow(x / 500), narrow(y / 8), 2);
    return {face.r * band, face.g * band, face.b * band};
  }

  const Mood& mood_;
  const Range& range_;
  Noise noise_;
  Faces faces_;
  Tones tones_;
};

}  // namespace

void paint_range(Canvas& canvas, const Mood& mood, const Range& range, Random random) {
  const Surface surface(mood, range, random);
  const double unit = canvas.unit();
  const int top = static_cast<int>(std::floor((range.ridge.highest() - 3) * unit));
  Raster land(canvas.pixel_width(), static_cast<int>(std::ceil(range.base * unit)) - top);
  for (int px = 0; px < land.width(); ++px) {
    const double x = (px + 0.5) / unit;
    const double crest = range.ridge.at(x);
    const int first = std::clamp(static_cast<int>((crest - 2) * unit) - top, 0, land.height());
    for (int py = first; py < land.height(); ++py) {
      land.set(px, py, surface.at(x, (py + top + 0.5) / unit, crest), 1);
    }
  }
  range.ridge.trace(canvas.cr(), range.base);
  canvas.lay(land, 0, top);
}

}  // namespace landscape::internal
