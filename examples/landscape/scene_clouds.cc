// Clouds: on fair days cumulus, each with a flat base and a lit, billowing top; otherwise a layer
// that covers the sky, in perspective: towards the horizon it crowds together and melts away.

#include <cmath>
#include <vector>

#include "internal/noise.h"
#include "internal/parts.h"

namespace landscape::internal {
namespace {

// Clouds are soft: half the resolution is enough.
constexpr int kScale = 2;

float narrow(double value) {
  return static_cast<float>(value);
}

Rgb between(const Rgb& a, const Rgb& b, double amount) {
  return {blend(a.r, b.r, amount), blend(a.g, b.g, amount), blend(a.b, b.b, amount)};
}

// How a layer of clouds looks.
struct Layer {
  double from;     // noise above this is cloud
  double soft;     // how far above until it is dense
  double opacity;  // of the densest part
  Rgb lit;
  Rgb shade;
};

Layer layer_of(const Mood& mood) {
  if (mood.kind == WeatherKind::kSun) {
    // Thin ice clouds, high up.
    const Rgb veil = mix(mood.light, hex(0xffffff), mood.night ? 0 : 0.5);
    return {0.1, 0.5, mood.night ? 0.16 : 0.4, veil, veil};
  }
  Layer layer{.from = blend(0.0, -0.36, mood.cloud),
              .soft = 0.42,
              .opacity = 0.88,
              .lit = mix(mood.light, hex(0xffffff), 0.3),
              .shade = mix(mood.sky_top, mood.sky_middle, 0.3)};
  if (mood.night) {
    layer.lit = mix(mood.sky_middle, mood.light, 0.3);
    layer.shade = mix(mood.sky_top, mood.sky_middle, 0.45);
  } else if (mood.kind == WeatherKind::kRain) {
    layer.lit = mix(mood.sky_low, mood.sky_middle, 0.2);
    layer.shade = lighten(mood.sky_top, -0.12);
  } else if (mood.kind == WeatherKind::kFog) {
    layer.opacity = 0.5;
  }
  return layer;
}

void paint_layer(Canvas& canvas, const Mood& mood, const Layer& layer) {
  const Noise noise(mood.random.stream("clouds"));
  const double drift = mood.random.stream("cloud drift").between(0, 40);
  Raster clouds(canvas.pixel_width() / kScale + 1,
                static_cast<int>(kWaterline * canvas.unit()) / kScale);
  const double unit = canvas.unit() / kScale;
  for (int py = 0; py < clouds.height(); ++py) {
    const double y = (py + 0.5) / unit;
    const double height = std::fmax(1 - y / (kHorizon + 26), 0);
    // How far away the layer is that one sees at this height.
    const double away = 1 / (height + 0.16);
    const double near = smooth(0.05, 0.55, height);
    const Rgb lit = mix(layer.lit, mood.sky_low, 0.75 * (1 - near));
    const Rgb shade = mix(layer.shade, mood.sky_low, 0.6 * (1 - near));
    for (int px = 0; px < clouds.width(); ++px) {
      const double x = (px + 0.5) / unit;
      const float u = narrow((x - canvas.width() / 2) * away / 400 + drift);
      // The logarithm keeps clouds as tall as they are wide, or nearly.
      const float v = narrow(2.1 * std::log(away));
      const float here = noise.layered(u, v, 5);
      const double dense = smooth(layer.from, layer.from + layer.soft, here);
      if (dense <= 0) continue;
      const double to_lamp = (mood.lamp.x - x) / canvas.width();
      const float towards_lamp = noise.layered(u + narrow(0.16 * to_lamp), v - 0.1F, 4);
      const double light = clamp01(0.5 + (here - towards_lamp) * 1.5 - 0.3 * (dense - 0.6));
      clouds.set(px, py, between(shade, lit, light),
                 dense * layer.opacity * smooth(0.02, 0.2, height));
    }
  }
  canvas.lay(clouds, 0, 0, kScale);
}

// One cumulus.
struct Cumulus {
  Point base;  // the middle of its flat base
  double half_width;
  double height;
};

std::vector<Cumulus> cumuli_of(const Mood& mood, double width) {
  Random random = mood.random.stream("cumulus");
  std::vector<Cumulus> cumuli;
  const int count = 3 + static_cast<int>(mood.cloud * 12);
  for (int i = 0; i < count; ++i) {
    // The further down, the further away, and the smaller.
    const double near = std::pow(1 - (i + random.unit()) / count, 1.2);
    const double size = blend(36, 150, near) * random.between(0.75, 1.2);
    const double x =
        width * std::fmod(0.5 + 0.618 * i + random.between(0, 0.25), 1.0) * 1.1 - width * 0.05;
    cumuli.push_back({{x, blend(310, 120, near)}, size, size * random.between(0.42, 0.62)});
  }
  // The nearest in front.
  return {cumuli.rbegin(), cumuli.rend()};
}

void paint_cumulus(Canvas& canvas, const Mood& mood, const Cumulus& cloud, const Noise& noise) {
  const double unit = canvas.unit() / kScale;
  const int left = static_cast<int>(std::floor((cloud.base.x - cloud.half_width * 1.25) * unit));
  const int top = static_cast<int>(std::floor((cloud.base.y - cloud.height * 1.35) * unit));
  Raster raster(static_cast<int>(cloud.half_width * 2.5 * unit) + 2,
                static_cast<int>(cloud.height * 1.6 * unit) + 2);
  const double distance = smooth(120, 330, cloud.base.y);
  Rgb lit = mix(mix(mood.light, hex(0xffffff), 0.6), mood.sky_low, 0.55 * distance);
  Rgb shade = mix(mix(mood.sky_middle, mood.mist, 0.35), mood.sky_low, 0.5 * distance);
  if (mood.night) {
    lit = mix(mood.sky_middle, mood.light, 0.5 - 0.25 * distance);
    shade = mix(mood.sky_middle, mood.sky_low, 0.25);
  }
  const double side = std::fmin(std::fmax((mood.lamp.x - cloud.base.x) / 300, -1), 1);
  for (int py = 0; py < raster.height(); ++py) {
    for (int px = 0; px < raster.width(); ++px) {
      const double x = (px + left + 0.5) / unit;
      const double y = (py + top + 0.5) / unit;
      const double across = (x - cloud.base.x) / cloud.half_width;
      const double up = (cloud.base.y - y) / cloud.height;
      const double dome = 1 - across * across - std::fabs(up) * up;
      const float u = narrow(x / (cloud.height * 0.62));
      const float v = narrow(y / (cloud.height * 0.62));
      const float billow = noise.layered(u, v, 5);
      const double body = dome * 0.95 + billow * 1.15 - 0.12;
      const double flat = smooth(-0.1, 0.12, up + 0.1 * billow);
      const double dense = smooth(0, 0.3, body) * flat;
      if (dense <= 0) continue;
      const float towards_lamp = noise.layered(u + narrow(0.18 * side), v - 0.2F, 4);
      const double light =
          clamp01(0.2 + 0.62 * up + (billow - towards_lamp) * 0.95 + 0.12 * across * side);
      raster.set(px, py, between(shade, lit, light),
                 dense * (mood.night ? 0.6 : 0.96) * (1 - 0.3 * distance));
    }
  }
  canvas.lay(raster, left * kScale, top * kScale, kScale);
}

}  // namespace

void paint_clouds(Canvas& canvas, const Mood& mood) {
  paint_layer(canvas, mood, layer_of(mood));
  if (mood.kind != WeatherKind::kSun) return;
  const Noise noise(mood.random.stream("billows"));
  for (const Cumulus& cloud : cumuli_of(mood, canvas.width())) {
    paint_cumulus(canvas, mood, cloud, noise);
  }
}

}  // namespace landscape::internal
