// The caption: place, date, temperatures, wind, precipitation, and where all that was observed.
#pragma once

#include <string>
#include <string_view>

#include "internal/canvas.h"
#include "internal/mood.h"
#include "location.h"
#include "weather.h"

namespace landscape::internal {

// What the caption says, one line each, UTF-8.
struct CaptionText {
  std::string title;    // "Seattle, WA"
  std::string details;  // "15 January 2015  ·  4 to 9 °C  ·  wind 2.4 m/s  ·  rain, 0.3 mm"
  std::string source;   // "observed in Seattle, 44 km away"
};
CaptionText caption_text(const Weather& weather, const Location& location);

// Over the painting, in soft letters on the darkened (or, in snow, lightened) ground.
void paint_caption(Canvas& canvas, const Mood& mood, const CaptionText& text);

// On a plain strip of `paper`, in hard letters of `ink`: for devices with few colours, to be drawn
// after dithering, which no letter survives.
void print_caption(Canvas& canvas, const CaptionText& text, const Rgb& paper, const Rgb& ink);

}  // namespace landscape::internal
