#include "internal/ridge.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "internal/color.h"
#include "internal/noise.h"

namespace landscape::internal {
namespace {

constexpr double kStep = 0.5;

struct Peak {
  double x;
  double height;
  double reach;
};

// Steep near the top, running out below.
double flank(const Peak& peak, double x) {
  const double away = std::fabs(x - peak.x) / peak.reach;
  return away >= 1 ? 0 : peak.height * std::pow(1 - away, 1.35);
}

// The whole of a volcano: a blunt top and long concave sides.
double cone(const Peak& peak, double x) {
  const double away = std::fabs(x - peak.x) / peak.reach;
  const double blunt = std::sqrt(away * away + 0.006) - 0.077;
  return peak.height * std::exp(-2.1 * blunt) * smooth(2.0, 0.9, away);
}

float narrow(double value) {
  return static_cast<float>(value);
}

}  // namespace

Ridge::Ridge(double width) : y_(static_cast<std::size_t>(width / kStep) + 2) {}

Ridge Ridge::summits(double width, Random random, double foot, double height, double main_x,
                     bool volcano) {
  std::vector<Peak> peaks;
  peaks.reserve(7);
  for (int i = 0; i < 7; ++i) {
    peaks.push_back({width * (i + random.between(0.1, 0.9)) / 7, height * random.between(0.3, 0.62),
                     height * random.between(0.9, 1.5)});
  }
  const Peak main{main_x, height, height * (volcano ? 1.75 : 1.25)};
  const Noise noise(random);
  Ridge ridge(width);
  for (std::size_t i = 0; i < ridge.y_.size(); ++i) {
    const double x = static_cast<double>(i) * kStep;
    double up = volcano ? cone(main, x) : flank(main, x);
    for (const Peak& peak : peaks) up = std::max(up, flank(peak, x) * (volcano ? 0.8 : 1));
    up += height * 0.14 * (noise.ridged(narrow(x / 105), 0.5F, 5) - 0.4);
    up += height * 0.055 * noise.layered(narrow(x / 17), 7.5F, 4);
    ridge.y_[i] = foot - std::max(up, 4.0);
  }
  return ridge;
}

Ridge Ridge::mesas(double width, Random random, double foot, double height) {
  const Noise noise(random);
  const double shift = random.between(0, 50);
  Ridge ridge(width);
  for (std::size_t i = 0; i < ridge.y_.size(); ++i) {
    const double x = static_cast<double>(i) * kStep;
    const double wide = noise.layered(narrow(x / 230 + shift), 0.3F, 4) * 1.5;
    // Two steps of cliff, talus below each.
    const double step = 0.5 * smooth(-0.06, 0.03, wide) + 0.42 * smooth(0.2, 0.27, wide);
    const double talus = 0.22 * smooth(-0.4, 0.3, wide);
    const double rough = 0.02 * noise.layered(narrow(x / 12), 4.5F, 3);
    ridge.y_[i] = foot - height * std::max(step * 0.8 + talus + rough, 0.03);
  }
  return ridge;
}

Ridge Ridge::hills(double width, Random random, double foot, double height) {
  const Noise noise(random);
  const double shift = random.between(0, 50);
  Ridge ridge(width);
  for (std::size_t i = 0; i < ridge.y_.size(); ++i) {
    const double x = static_cast<double>(i) * kStep;
    const double roll = 0.5 + 1.0 * noise.layered(narrow(x / 260 + shift), 0.7F, 3);
    ridge.y_[i] = foot - height * clamp01(roll);
  }
  return ridge;
}

double Ridge::at(double x) const {
  const double place = std::clamp(x / kStep, 0.0, static_cast<double>(y_.size() - 2));
  const auto left = static_cast<std::size_t>(place);
  return blend(y_[left], y_[left + 1], place - static_cast<double>(left));
}

double Ridge::highest() const {
  return *std::ranges::min_element(y_);
}

std::vector<double> Ridge::slopes(int radius) const {
  std::vector<double> slopes(static_cast<std::size_t>(static_cast<double>(y_.size()) * kStep) + 2);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const auto x = static_cast<double>(i);
    slopes[i] = (at(x + radius) - at(x - radius)) / (2 * radius);
  }
  return slopes;
}

void Ridge::trace(cairo_t* cr, double bottom) const {
  cairo_new_path(cr);
  cairo_move_to(cr, -2, bottom);
  cairo_line_to(cr, -2, y_.front());
  for (std::size_t i = 0; i < y_.size(); ++i) {
    cairo_line_to(cr, static_cast<double>(i) * kStep, y_[i]);
  }
  cairo_line_to(cr, static_cast<double>(y_.size()) * kStep, bottom);
  cairo_close_path(cr);
}

}  // namespace landscape::internal
