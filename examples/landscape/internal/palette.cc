// The colours of a mood: sky, light and mist by weather and hour, land and leaves by season.

#include "internal/mood.h"

namespace landscape::internal {
namespace {

struct Sky {
  Rgb top, middle, low, glow, light, mist;
};

constexpr Sky kHighSun{hex(0x2c6cb5), hex(0x79b3e0), hex(0xe3edea),
                       hex(0xfff3cf), hex(0xfff1d2), hex(0xcfe0ea)};
constexpr Sky kLowSun{hex(0x3f6fb0), hex(0xa8b6d6), hex(0xfad3a6),
                      hex(0xffdf9e), hex(0xffd59a), hex(0xeccfc3)};
constexpr Sky kDrizzle{hex(0x73899f), hex(0xa6b6c4), hex(0xdce1e0),
                       hex(0xf6f2e6), hex(0xf3f3ec), hex(0xcdd6db)};
constexpr Sky kRain{hex(0x405670), hex(0x7089a0), hex(0xc3ced2),
                    hex(0xdfe5e6), hex(0xd6dee2), hex(0xa6b8c4)};
constexpr Sky kSnow{hex(0x7189a8), hex(0xa7b9cf), hex(0xe6e6ec),
                    hex(0xfff3e4), hex(0xffffff), hex(0xcfdae7)};
constexpr Sky kFog{hex(0xa9b7c0), hex(0xcfd5d5), hex(0xf0e9db),
                   hex(0xfff4dc), hex(0xfbf3e4), hex(0xe0e2de)};

constexpr Sky kClearNight{hex(0x060a22), hex(0x15275a), hex(0x4b6ba3),
                          hex(0xc9d8ff), hex(0xbfd0ff), hex(0x3d5a8c)};
constexpr Sky kDrizzleNight{hex(0x0d1528), hex(0x22324f), hex(0x566b8c),
                            hex(0x9fb0cc), hex(0x93a5c4), hex(0x465c7b)};
constexpr Sky kRainNight{hex(0x0a101d), hex(0x1c2a3e), hex(0x4d637c),
                         hex(0x8fa2b8), hex(0x8496ad), hex(0x3f546b)};
constexpr Sky kSnowNight{hex(0x141b35), hex(0x2f3d61), hex(0x6a7a9e),
                         hex(0xcbd6ee), hex(0xc3cfe8), hex(0x596a90)};
constexpr Sky kFogNight{hex(0x121a27), hex(0x2a3645), hex(0x566273),
                        hex(0xb9c4d0), hex(0xa9b5c3), hex(0x4a5667)};

Sky mix(const Sky& a, const Sky& b, double amount) {
  return {internal::mix(a.top, b.top, amount),     internal::mix(a.middle, b.middle, amount),
          internal::mix(a.low, b.low, amount),     internal::mix(a.glow, b.glow, amount),
          internal::mix(a.light, b.light, amount), internal::mix(a.mist, b.mist, amount)};
}

Sky sky_of(const Mood& mood) {
  switch (mood.kind) {
    case WeatherKind::kDrizzle:
      return mood.night ? kDrizzleNight : kDrizzle;
    case WeatherKind::kRain:
      return mood.night ? kRainNight : kRain;
    case WeatherKind::kSnow:
      return mood.night ? kSnowNight : kSnow;
    case WeatherKind::kFog:
      return mood.night ? kFogNight : kFog;
    case WeatherKind::kSun:
      break;
  }
  return mood.night ? kClearNight : mix(kHighSun, kLowSun, mood.low_sun);
}

void choose_leaves(Mood& mood) {
  switch (mood.season) {
    case Season::kSpring:
      mood.leaves = {hex(0x7fb24a), hex(0x9cc65a), hex(0xe9b7c4)};
      break;
    case Season::kSummer:
      mood.leaves = {hex(0x3f7c3a), hex(0x5b9442), hex(0x78a94d)};
      break;
    case Season::kAutumn:
      mood.leaves = {hex(0xc8552b), hex(0xdf8a2e), hex(0xe8b93f)};
      break;
    case Season::kWinter:
      mood.leaves = {hex(0x6d5b4b), hex(0x7a6753), hex(0x5f5147)};
      break;
  }
}

Rgb ground_of(const Mood& mood) {
  if (mood.place.relief == Relief::kDesert) return hex(0xb98652);
  switch (mood.season) {
    case Season::kSpring:
      return hex(0x6c9a45);
    case Season::kSummer:
      return mix(hex(0x53853f), hex(0xa29a4f), 0.7 * mood.heat);
    case Season::kAutumn:
      return hex(0x8c7f43);
    case Season::kWinter:
      break;
  }
  return hex(0x747050);
}

Rgb rock_of(const Mood& mood) {
  switch (mood.place.relief) {
    case Relief::kDesert:
      return hex(0xb0583a);
    case Relief::kIsland:
      return hex(0x3c6a4e);
    case Relief::kMountains:
      return hex(0x51627f);
    case Relief::kHills:
    case Relief::kPlains:
      break;
  }
  return mood.season == Season::kAutumn ? hex(0x50618a) : hex(0x4a6a7a);
}

Rgb forest_of(const Mood& mood) {
  if (mood.place.tree == Tree::kConifer) return hex(0x2d5146);
  if (mood.place.relief == Relief::kDesert) return hex(0x8a6a48);
  switch (mood.season) {
    case Season::kSpring:
      return hex(0x5f8a48);
    case Season::kSummer:
      return hex(0x3d6b41);
    case Season::kAutumn:
      return hex(0x94552f);
    case Season::kWinter:
      break;
  }
  return hex(0x63594f);
}

}  // namespace

Rgb Mood::seen(const Rgb& color) const {
  // Snow stays brighter than all else, by night and under clouds.
  const double white = smooth(0.8, 0.95, lightness(color));
  if (night) {
    const double dark = (kind == WeatherKind::kSnow ? 0.68 : 0.76) - 0.24 * white;
    return mix(saturate(color, 0.55), hex(0x0a1230), dark);
  }
  const double gloom = (0.16 * rain + 0.06 * fog) * (1 - white);
  const Rgb dull = lighten(saturate(color, 1 - 0.3 * cloud), -gloom);
  return mix(dull, light, kind == WeatherKind::kSun ? 0.1 * low_sun : 0);
}

void choose_colors(Mood& mood) {
  const Sky sky = sky_of(mood);
  mood.sky_top = sky.top;
  mood.sky_middle = sky.middle;
  mood.sky_low = sky.low;
  mood.glow = sky.glow;
  mood.light = sky.light;
  mood.mist = sky.mist;
  mood.rock = rock_of(mood);
  mood.forest = forest_of(mood);
  mood.ground = ground_of(mood);
  choose_leaves(mood);
}

}  // namespace landscape::internal
