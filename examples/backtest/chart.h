// Chart: lines over time, as inline SVG. Colours and fonts are left to the page's style sheet: a
// line has the classes that it is given, and the texts have `tick`.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace backtest {

struct Line {
  std::string title;    // shown where the pointer rests on it
  std::string classes;  // "line crossover best"
  std::string run;      // its attribute data-run; may be empty
  std::vector<double> values;
};

struct Chart {
  std::string label;               // for those who cannot see it
  std::vector<std::string> dates;  // "2008-09-15", oldest first; one for each value of each line
  std::vector<Line> lines;         // the last one is drawn above the others
  double height = 300;
  bool per_cent = false;  // values are shares; else they are money
};

std::string svg(const Chart& chart);

// Text, to stand in HTML or in an attribute in double quotes.
std::string escaped(const std::string& text);

}  // namespace backtest
