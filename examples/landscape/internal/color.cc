#include "internal/color.h"

#include <cmath>

namespace landscape::internal {
namespace {

// Björn Ottosson's Oklab (2020): lightness and two opponent hues.
struct Oklab {
  double l;
  double a;
  double b;
};

double to_linear(double c) {
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

double from_linear(double c) {
  c = clamp01(c);
  return c <= 0.0031308 ? c * 12.92 : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
}

Oklab to_oklab(const Rgb& color) {
  const double r = to_linear(color.r);
  const double g = to_linear(color.g);
  const double b = to_linear(color.b);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Rgb from_oklab(const Oklab& lab) {
  const double l = std::pow(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
  const double m = std::pow(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
  const double s = std::pow(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);
  return {from_linear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          from_linear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          from_linear(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

}  // namespace

std::uint32_t packed(const Rgb& color) {
  const auto byte = [](double value) {
    return static_cast<std::uint32_t>(std::lround(clamp01(value) * 255));
  };
  return byte(color.r) << 16 | byte(color.g) << 8 | byte(color.b);
}

Rgb mix(const Rgb& a, const Rgb& b, double amount) {
  const Oklab from = to_oklab(a);
  const Oklab to = to_oklab(b);
  const double t = clamp01(amount);
  return from_oklab({blend(from.l, to.l, t), blend(from.a, to.a, t), blend(from.b, to.b, t)});
}

Rgb lighten(const Rgb& color, double amount) {
  Oklab lab = to_oklab(color);
  const double target = amount > 0 ? 1 : 0;
  const double t = clamp01(std::fabs(amount));
  const double fade = 1 - 0.5 * t;
  lab = {blend(lab.l, target, t), lab.a * fade, lab.b * fade};
  return from_oklab(lab);
}

Rgb saturate(const Rgb& color, double amount) {
  const Oklab lab = to_oklab(color);
  return from_oklab({lab.l, lab.a * amount, lab.b * amount});
}

double lightness(const Rgb& color) {
  return to_oklab(color).l;
}

}  // namespace landscape::internal
