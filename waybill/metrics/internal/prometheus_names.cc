#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include <waybill/core/json_escape.h>
#include <waybill/core/utf8.h>
#include <waybill/metrics/internal/prometheus_names.h>

namespace waybill::internal {
namespace {

std::string sanitized(std::string_view name, bool colons) {
  std::string result;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (colons && c == ':');
    const bool digit = c >= '0' && c <= '9';
    if (digit && result.empty()) result += '_';
    if (letter || digit) {
      result += c;
    } else if (result.empty() || result.back() != '_') {
      result += '_';
    }
  }
  return result.empty() ? "_" : result;
}

struct Name {
  std::string_view short_form;
  std::string_view word;
};

constexpr std::array kUnits = {
    Name{"d", "days"},         Name{"h", "hours"},         Name{"min", "minutes"},
    Name{"s", "seconds"},      Name{"ms", "milliseconds"}, Name{"us", "microseconds"},
    Name{"ns", "nanoseconds"}, Name{"By", "bytes"},        Name{"KiBy", "kibibytes"},
    Name{"MiBy", "mebibytes"}, Name{"GiBy", "gibibytes"},  Name{"TiBy", "tibibytes"},
    Name{"KBy", "kilobytes"},  Name{"MBy", "megabytes"},   Name{"GBy", "gigabytes"},
    Name{"TBy", "terabytes"},  Name{"bit", "bits"},        Name{"m", "meters"},
    Name{"V", "volts"},        Name{"A", "amperes"},       Name{"J", "joules"},
    Name{"W", "watts"},        Name{"g", "grams"},         Name{"Cel", "celsius"},
    Name{"Hz", "hertz"},       Name{"%", "percent"}};

constexpr std::array kPer = {Name{"s", "second"}, Name{"min", "minute"}, Name{"m", "minute"},
                             Name{"h", "hour"},   Name{"d", "day"},      Name{"w", "week"},
                             Name{"mo", "month"}, Name{"y", "year"}};

template <class Names>
std::string word_for(const Names& names, std::string_view unit) {
  for (const Name& name : names) {
    if (name.short_form == unit) return std::string(name.word);
  }
  std::string word = sanitized(unit, false);
  const auto is_underscore = [](char c) { return c == '_'; };
  word.erase(word.begin(), std::find_if_not(word.begin(), word.end(), is_underscore));
  while (!word.empty() && word.back() == '_') word.pop_back();
  return word;
}

std::string without_annotations(std::string_view unit) {
  std::string result;
  int depth = 0;
  for (const char c : unit) {
    if (c == '{') ++depth;
    if (depth == 0) result += c;
    if (c == '}' && depth > 0) --depth;
  }
  return result;
}

bool ends_with_word(std::string_view name, std::string_view word) noexcept {
  return name == word || (name.size() > word.size() && name.ends_with(word) &&
                          name[name.size() - word.size() - 1] == '_');
}

bool has_words(const std::string& name, const std::string& words) {
  return ("_" + name + "_").find("_" + words + "_") != std::string::npos;
}

std::string value_text(const OwnedAttributeValue& value);

template <class T>
std::string list_text(const std::vector<T>& list) {
  std::string text = "[";
  for (const auto& element : list) {
    if (text.size() > 1) text += ',';
    if constexpr (std::is_same_v<T, std::string>) {
      append_json_string(text, element);
    } else {
      text += value_text(OwnedAttributeValue(T(element)));
    }
  }
  return text + ']';
}

std::string value_text(const OwnedAttributeValue& value) {
  return std::visit(
      []<class T>(const T& it) -> std::string {
        if constexpr (std::is_same_v<T, std::string>) {
          return to_utf8(it);
        } else if constexpr (std::is_same_v<T, bool>) {
          return it ? "true" : "false";
        } else if constexpr (std::is_same_v<T, std::int64_t>) {
          return std::to_string(it);
        } else if constexpr (std::is_same_v<T, double>) {
          return number_text(it);
        } else {
          return list_text(it);
        }
      },
      value);
}

std::string escaped(std::string_view text, bool quotes) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (c == '\\' || (quotes && c == '"')) result += '\\';
    if (c == '\n') {
      result += "\\n";
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

std::string metric_name(std::string_view name) {
  return sanitized(name, true);
}
std::string label_name(std::string_view key) {
  return sanitized(key, false);
}

std::string unit_name(std::string_view unit, MetricKind kind) {
  if (unit == "1") return kind == MetricKind::kGauge ? "ratio" : "";
  const std::string plain = without_annotations(unit);
  const std::size_t slash = plain.find('/');
  if (slash == std::string::npos) return plain.empty() ? "" : word_for(kUnits, plain);
  const std::string of = word_for(kUnits, plain.substr(0, slash));
  const std::string per = word_for(kPer, plain.substr(slash + 1));
  if (per.empty()) return plain.substr(0, slash).empty() ? "" : of;
  return (plain.substr(0, slash).empty() ? "" : of + "_") + "per_" + per;
}

FamilyName family_name(const MetricData& metric) {
  FamilyName family{metric_name(metric.name), unit_name(metric.unit, metric.kind)};
  if (metric.kind == MetricKind::kCounter && ends_with_word(family.name, "total") &&
      family.name != "total") {
    family.name.resize(family.name.size() - 5);
  }
  while (family.name.size() > 1 && family.name.back() == '_') family.name.pop_back();
  if (family.unit.empty() || ends_with_word(family.name, family.unit)) return family;
  if (has_words(family.name, family.unit)) {
    family.unit.clear();
  } else {
    family.name += '_' + family.unit;
  }
  return family;
}

void Labels::add(std::string_view key, std::string_view value) {
  if (value.empty()) return;
  std::string name = label_name(key);
  if (name == reserved_) name.insert(0, "exported_");
  for (auto& [there, text] : labels_) {
    if (there != name) continue;
    text += ';';
    text += value;
    return;
  }
  labels_.emplace_back(std::move(name), value);
}

void Labels::add(const OwnedAttribute& attribute) {
  add(attribute.key, value_text(attribute.value));
}

std::string Labels::text() const {
  std::string text;
  for (const auto& [name, value] : labels_) {
    if (!text.empty()) text += ',';
    text += name;
    text += "=\"";
    text += escape_label(value);
    text += '"';
  }
  return text;
}

std::string escape_label(std::string_view value) {
  return escaped(value, true);
}
std::string escape_help(std::string_view text, bool open_metrics) {
  return escaped(to_utf8(text), open_metrics);
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string number_text(const MetricNumber& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer != nullptr ? std::to_string(*integer) : number_text(std::get<double>(value));
}

// With an exponent, of two digits at least, below 1e-4 and from 1e6 on.
std::string bound_text(double value) {
  if (!std::isfinite(value)) return number_text(value);
  const double magnitude = std::abs(value);
  const bool with_exponent = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e6);
  char buffer[400];
  const auto format = with_exponent ? std::chars_format::scientific : std::chars_format::fixed;
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr);
  if (!with_exponent && text.find('.') == std::string::npos) text += ".0";
  return text;
}

}  // namespace waybill::internal
