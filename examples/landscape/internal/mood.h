// Mood: everything the painters need to know, worked out once from the weather, the place and
// whether it is day or night. What comes in may be extreme; what is in here is within its range.
#pragma once

#include <array>

#include "internal/canvas.h"
#include "internal/color.h"
#include "internal/place.h"
#include "internal/random.h"
#include "location.h"
#include "weather.h"

namespace landscape::internal {

enum class Season { kSpring, kSummer, kAutumn, kWinter };

// The heights, in design units from the top, that hold the composition together.
inline constexpr double kHorizon = 408;    // where the far land stands
inline constexpr double kWaterline = 436;  // the far shore
inline constexpr double kBank = 566;       // the near shore, about

struct Mood {
  Random random = Random(0);
  Place place;
  WeatherKind kind = WeatherKind::kSun;
  Season season = Season::kSummer;
  bool night = false;

  // From 0 (none) to 1 (as much as can be painted).
  double cloud = 0;
  double rain = 0;
  double snowfall = 0;
  double fog = 0;
  double wind = 0;
  double snow_cover = 0;
  double ice = 0;   // on the lake
  double heat = 0;  // dry grass, hazy air
  // Above this share of their height mountains are white.
  double snow_line = 1;
  // -1 (to the left) to 1: where the wind drives trees, smoke and rain.
  double lean = 0;

  Point lamp;                 // the sun or the moon
  double low_sun = 0;         // 0: high at noon in summer, 1: on the horizon
  double moon_age = 0.5;      // 0 new, 0.5 full, just below 1 new again
  bool tall_on_left = false;  // the side where the foreground rises; the lamp is on the other

  Rgb sky_top, sky_middle, sky_low;
  Rgb glow;   // around the lamp
  Rgb light;  // what lit surfaces take on
  Rgb mist;   // what distance fades into
  Rgb rock, forest, ground;
  std::array<Rgb, 3> leaves;

  // A daylight colour as it looks at this hour and in this weather.
  Rgb seen(const Rgb& color) const;
  // The same, from afar: 0 here, 1 lost in the mist.
  Rgb seen(const Rgb& color, double distance) const { return mix(seen(color), mist, distance); }
};

Mood mood_of(const Weather& weather, const Location& location, bool night, double width);

// Fills in the colours, of which the rest of the mood is the reason.
void choose_colors(Mood& mood);

}  // namespace landscape::internal
