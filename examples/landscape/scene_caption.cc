#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

#include "internal/caption.h"
#include "internal/utf8.h"

namespace landscape::internal {
namespace {

constexpr double kMargin = 38;
constexpr double kTitleLine = 630;
constexpr double kDetailsLine = 655;

std::string number(double value, int decimals) {
  std::array<char, 400> text;
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value == 0 ? 0.0 : value);
  std::string number = text.data();
  if (number == "-0") number = "0";
  if (number.starts_with('-')) number.replace(0, 1, "\u2212");
  return number;
}

std::string with_thousands(double value) {
  std::string digits = number(value, 0);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string long_date(std::chrono::year_month_day date) {
  constexpr std::array<const char*, 12> kMonths{"January",   "February", "March",    "April",
                                                "May",       "June",     "July",     "August",
                                                "September", "October",  "November", "December"};
  return std::to_string(static_cast<unsigned>(date.day())) + " " +
         kMonths[(static_cast<unsigned>(date.month()) - 1) % 12] + " " +
         std::to_string(static_cast<int>(date.year()));
}

// A day's sun is also true of the picture of its night.
std::string in_words(WeatherKind kind) {
  return kind == WeatherKind::kSun ? "a sunny day" : std::string(name_of(kind));
}

std::string temperatures(const Weather& weather) {
  const std::string low = number(std::round(weather.temp_min_c), 0);
  const std::string high = number(std::round(weather.temp_max_c), 0);
  return (low == high ? high : low + " to " + high) + " °C";
}

// The look of one line of text.
struct Letters {
  double size;
  bool bold;
  bool hard;  // without grey edges
};

void choose_font(cairo_t* cr, const Letters& letters) {
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                         letters.bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, letters.size);
  cairo_font_options_t* const options = cairo_font_options_create();
  cairo_font_options_set_antialias(options,
                                   letters.hard ? CAIRO_ANTIALIAS_NONE : CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(options,
                                    letters.hard ? CAIRO_HINT_STYLE_FULL : CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(
      options, letters.hard ? CAIRO_HINT_METRICS_ON : CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, options);
  cairo_font_options_destroy(options);
}

double width_of(cairo_t* cr, const std::string& text) {
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text.c_str(), &extents);
  return extents.x_advance;
}

// The text in letters small enough for `room`, cut short if they would have to be tiny.
std::string fit(cairo_t* cr, const std::string& text, Letters letters, double room) {
  std::string fitting = printable_utf8(text);
  choose_font(cr, letters);
  const double width = width_of(cr, fitting);
  if (width <= room) return fitting;
  letters.size *= std::fmax(room / width, 0.7);
  choose_font(cr, letters);
  if (width_of(cr, fitting) <= room + 0.5) return fitting;
  while (!fitting.empty() && width_of(cr, fitting + "…") > room) drop_last_utf8(fitting);
  return fitting + "…";
}

void write(cairo_t* cr, const std::string& text, const Letters& letters, Point at, double room,
           bool from_right) {
  const std::string fitting = fit(cr, text, letters, room);
  const double x = from_right ? at.x - width_of(cr, fitting) : at.x;
  cairo_move_to(cr, x, at.y);
  cairo_show_text(cr, fitting.c_str());
  cairo_new_path(cr);
}

void write_all(Canvas& canvas, const CaptionText& text, bool hard, const Rgb& ink,
               const Rgb& faint_ink, Point shift) {
  cairo_t* const cr = canvas.cr();
  const double room = canvas.width() - 2 * kMargin;
  const double right = canvas.width() - kMargin + shift.x;
  const double grow = hard ? 1.15 : 1;
  set_color(cr, ink);
  write(cr, text.title, {32 * grow, hard, hard}, {kMargin + shift.x, kTitleLine + shift.y},
        hard ? room * 0.56 : room, false);
  write(cr, text.details, {16 * grow, false, hard}, {kMargin + shift.x, kDetailsLine + shift.y},
        hard ? room : room * 0.68, false);
  set_color(cr, faint_ink);
  // Hard letters are wide: the source then stands beside the title.
  write(cr, text.source, {14 * grow, false, hard},
        {right, (hard ? kTitleLine : kDetailsLine) + shift.y}, room * (hard ? 0.42 : 0.3), true);
}

}  // namespace

CaptionText caption_text(const Weather& weather, const Location& location) {
  CaptionText text;
  text.title = location.city + ", " + location.state;
  text.details = long_date(weather.date) + "  ·  " + temperatures(weather) + "  ·  wind " +
                 number(weather.wind_m_s, 1) + " m/s  ·  " + in_words(weather.kind);
  if (weather.precipitation_mm > 0)
    text.details += ", " + number(weather.precipitation_mm, 1) + " mm";
  text.source = "observed in " + weather.station;
  if (weather.distance_km >= 1)
    text.source += ", " + with_thousands(weather.distance_km) + " km away";
  return text;
}

void paint_caption(Canvas& canvas, const Mood& mood, const CaptionText& text) {
  cairo_t* const cr = canvas.cr();
  const bool white_ground = mood.snow_cover > 0.5 && !mood.night;
  const Rgb veil = white_ground ? hex(0xf7f9fc)
                                : mix(mood.seen(lighten(mood.ground, -0.7)), hex(0x05080c), 0.55);
  const PatternPtr shade = linear(0, 556, 0, Canvas::kHeight);
  add_stop(shade, 0, veil, 0);
  add_stop(shade, 0.45, veil, white_ground ? 0.62 : 0.42);
  add_stop(shade, 1, veil, white_ground ? 0.92 : 0.7);
  cairo_set_source(cr, shade.get());
  cairo_rectangle(cr, 0, 556, canvas.width(), Canvas::kHeight - 556);
  cairo_fill(cr);
  const Rgb ink = white_ground ? hex(0x1c2836) : hex(0xffffff);
  const Rgb faint = white_ground ? hex(0x3d4c5c) : hex(0xdfe5ea);
  write_all(canvas, text, false, ink, faint, {0, 0});
}

void print_caption(Canvas& canvas, const CaptionText& text, const Rgb& paper, const Rgb& ink) {
  cairo_t* const cr = canvas.cr();
  const double top = std::round(588 * canvas.unit()) / canvas.unit();
  cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
  set_color(cr, ink);
  cairo_rectangle(cr, 0, top - 3, canvas.width(), 3);
  cairo_fill(cr);
  set_color(cr, paper);
  cairo_rectangle(cr, 0, top, canvas.width(), Canvas::kHeight - top);
  cairo_fill(cr);
  write_all(canvas, text, true, ink, ink, {0, 2});
}

}  // namespace landscape::internal
