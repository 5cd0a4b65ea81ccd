#include <algorithm>
#include <cstddef>

#include <waybill/core/ascii.h>
#include <waybill/metrics/internal/accept_header.h>

namespace waybill::internal {
namespace {

// Takes what is before the separator off the text.
std::string_view next_part(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = ascii::trimmed(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool same(std::string_view text, std::string_view lowercase) noexcept {
  return std::equal(text.begin(), text.end(), lowercase.begin(), lowercase.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

// A weight in thousandths: "1", "0.5", "0.125". Anything else is none.
int weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text.size() > 1 && text[1] != '.')) return 0;
  if (text[0] == '1') return 1000;
  if (text[0] != '0') return 0;
  int value = 0;
  int unit = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (c < '0' || c > '9') return 0;
    value += (c - '0') * unit;
    unit /= 10;
  }
  return value;
}

}  // namespace

bool prefers_openmetrics(std::string_view accept) noexcept {
  int open_metrics = 0;
  int text = 0;
  while (!accept.empty()) {
    std::string_view range = next_part(accept, ',');
    const std::string_view type = next_part(range, ';');
    int its_weight = 1000;
    bool known = true;
    while (!range.empty()) {
      std::string_view value = next_part(range, ';');
      const std::string_view name = next_part(value, '=');
      value = ascii::trimmed(value);
      if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
        value = value.substr(1, value.size() - 2);
      }
      if (same(name, "q")) its_weight = weight(value);
      if (same(name, "version")) known = value == "1.0.0" || value == "0.0.1";
    }
    if (same(type, "application/openmetrics-text") && known) {
      open_metrics = std::max(open_metrics, its_weight);
    } else if (same(type, "text/plain")) {
      text = std::max(text, its_weight);
    }
  }
  return open_metrics > 0 && open_metrics >= text;
}

}  // namespace waybill::internal
