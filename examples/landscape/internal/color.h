// Rgb: a colour, and the mixing of colours as the eye would do it.
#pragma once

#include <cstdint>

namespace landscape::internal {

// sRGB, each from 0 to 1.
struct Rgb {
  double r = 0;
  double g = 0;
  double b = 0;
};

// 0xRRGGBB
constexpr Rgb hex(std::uint32_t value) {
  return {((value >> 16) & 255) / 255.0, ((value >> 8) & 255) / 255.0, (value & 255) / 255.0};
}

// The other way: 0xRRGGBB, each channel to the nearest byte. What is out of range is cut off.
std::uint32_t packed(const Rgb& color);

// From `a` (0) to `b` (1) through Oklab, in which blue to orange does not pass through mud.
Rgb mix(const Rgb& a, const Rgb& b, double amount);

// The same hue, lighter (above 0, up to white at 1) or darker (below 0, down to black at -1).
Rgb lighten(const Rgb& color, double amount);

// The same lightness; 0 is grey, 1 the colour as it is, more is more colourful.
Rgb saturate(const Rgb& color, double amount);

// How light the colour looks, from 0 (black) to 1 (white): Oklab's L.
double lightness(const Rgb& color);

constexpr double clamp01(double x) {
  return x < 0 ? 0 : x > 1 ? 1 : x;
}

constexpr double blend(double a, double b, double amount) {
  return a + (b - a) * amount;
}

// Rises smoothly from 0 at `from` to 1 at `to`.
constexpr double smooth(double from, double to, double x) {
  const double t = clamp01((x - from) / (to - from));
  return t * t * (3 - 2 * t);
}

}  // namespace landscape::internal
