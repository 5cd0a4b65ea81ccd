#include "chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace backtest {
namespace {

constexpr double kWidth = 960;
constexpr double kLeft = 58;
constexpr double kRight = 12;
constexpr double kTop = 10;
constexpr double kBottom = 26;
constexpr std::size_t kMostPoints = 480;

// A distance between ticks that people count in: 1, 2 or 5 times a power of ten.
double tick_distance(double range, int most) {
  const double power = std::pow(10, std::floor(std::log10(range / most)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (range / (factor * power) <= most) return factor * power;
  }
  return 10 * power;
}

class Drawing {
 public:
  explicit Drawing(const Chart& chart) : chart_(chart) {
    for (const Line& line : chart.lines) {
      const auto [low, high] = std::minmax_element(line.values.begin(), line.values.end());
      low_ = std::min(low_, *low);
      high_ = std::max(high_, *high);
    }
    distance_ = tick_distance(std::max(high_ - low_, 1e-9), 5);
    low_ = std::floor(low_ / distance_) * distance_;
    high_ = std::ceil(high_ / distance_) * distance_;
  }

  std::string draw() {
    out_ = fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">)", kWidth,
                       chart_.height, escaped(chart_.label));
    draw_ticks();
    draw_years();
    for (const Line& line : chart_.lines) draw_line(line);
    return out_ + "</svg>\n";
  }

 private:
  double x(std::size_t i) const {
    const double share = static_cast<double>(i) / static_cast<double>(chart_.dates.size() - 1);
    return kLeft + share * (kWidth - kLeft - kRight);
  }
  double y(double value) const {
    const double share = (value - low_) / (high_ - low_);
    return chart_.height - kBottom - share * (chart_.height - kTop - kBottom);
  }

  void draw_ticks() {
    const int count = static_cast<int>(std::lround((high_ - low_) / distance_));
    for (int i = 0; i <= count; ++i) {
      const double value = low_ + i * distance_;
      out_ +=
          fmt::format(R"(<line class="grid" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>)"
                      R"(<text class="tick" x="{3}" y="{4:.1f}" text-anchor="end">{5}</text>)",
                      kLeft, kWidth - kRight, y(value), kLeft - 8, y(value) + 4, tick_text(value));
    }
  }

  std::string tick_text(double value) const {
    if (chart_.per_cent) return fmt::format("{:.0f} %", 100 * value);
    return value == 0 ? "$0" : fmt::format("${}k", value / 1000);
  }

  // Where a year begins that can be divided by two, or each year where there are few.
  void draw_years() {
    const std::size_t dates = chart_.dates.size();
    const int years = std::stoi(chart_.dates.back()) - std::stoi(chart_.dates.front());
    for (std::size_t i = 1; i < dates; ++i) {
      const int year = std::stoi(chart_.dates[i]);
      if (year == std::stoi(chart_.dates[i - 1]) || (years > 12 && year % 2 != 0)) continue;
      out_ += fmt::format(R"(<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>)",
                          x(i), chart_.height - 6, year);
    }
  }

  void draw_line(const Line& line) {
    const std::size_t step = std::max<std::size_t>(1, line.values.size() / kMostPoints);
    std::string points;
    for (std::size_t i = 0; i + 1 < line.values.size(); i += step) {
      points += fmt::format("{:.1f},{:.1f} ", x(i), y(line.values[i]));
    }
    points += fmt::format("{:.1f},{:.1f}", x(line.values.size() - 1), y(line.values.back()));
    out_ += fmt::format(
        R"(<polyline class="{}" data-run="{}" points="{}"><title>{}</title></polyline>)",
        line.classes, escaped(line.run), points, escaped(line.title));
  }

  const Chart& chart_;
  double low_ = 0;  // the axis includes it
  double high_ = 0;
  double distance_ = 1;
  std::string out_;
};

}  // namespace

std::string svg(const Chart& chart) {
  return Drawing(chart).draw();
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace backtest
