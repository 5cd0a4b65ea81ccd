// Mist: a bank of it, thin at its edges, torn into wisps.

#include <cmath>

#include "internal/noise.h"
#include "internal/parts.h"

namespace landscape::internal {

void paint_mist(Canvas& canvas, const Mood& mood, double y, double thickness, double strength,
                std::string_view stream) {
  if (strength <= 0.01) return;
  constexpr int kScale = 2;
  const Noise noise(mood.random.stream(stream));
  const double unit = canvas.unit() / kScale;
  const int top = static_cast<int>((y - thickness) * unit);
  Raster mist(canvas.pixel_width() / kScale + 1, static_cast<int>(2 * thickness * unit) + 1);
  for (int py = 0; py < mist.height(); ++py) {
    const double at = ((py + 0.5) / unit - thickness) / thickness;
    const double bump = std::pow(clamp01(1 - at * at), 1.5);
    for (int px = 0; px < mist.width(); ++px) {
      const double x = (px + 0.5) / unit;
      const float wisps =
          noise.layered(static_cast<float>(x / 330), static_cast<float>(at * 1.4), 4);
      mist.set(px, py, mood.mist, strength * bump * clamp01(0.72 + 1.1 * wisps));
    }
  }
  canvas.lay(mist, 0, top * kScale, kScale);
}

}  // namespace landscape::internal
