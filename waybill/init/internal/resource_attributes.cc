#include <algorithm>
#include <map>
#include <optional>

#include <waybill/core/ascii.h>
#include <waybill/core/hex.h>
#include <waybill/core/utf8.h>
#include <waybill/init/internal/resource_attributes.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kLongest = 64 * 1024;

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = hex::digit(text[i + 1]);
    const int low = hex::digit(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return out;
}

bool is_text(std::string_view text) noexcept {
  for (const char *p = text.data(), *end = p + text.size(); p != end;) {
    const Utf8Step step = utf8_step(p, end);
    if (!step.valid || *p == '\0') return false;
    p += step.size;
  }
  return true;
}

}  // namespace

void set_attribute(ResourceAttributes& attributes, std::string_view key, std::string_view value) {
  for (auto& [mine, its] : attributes) {
    if (mine == key) return void(its = value);
  }
  attributes.emplace_back(key, value);
}

const std::string* find_attribute(const ResourceAttributes& attributes, std::string_view key) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const auto& pair) { return pair.first == key; });
  return found == attributes.end() ? nullptr : &found->second;
}

ParsedResourceAttributes parse_resource_attributes(std::string_view text) {
  const auto wrong = [](std::string_view part, std::string_view expected) {
    return ParsedResourceAttributes{.bad_part = part, .expected = expected};
  };
  if (text.size() > kLongest) return wrong(text, "at most 64 KiB");
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = ascii::trimmed(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) return wrong(part, "key=value");
    auto key = decoded(ascii::trimmed(part.substr(0, equals)));
    auto value = decoded(ascii::trimmed(part.substr(equals + 1)));
    if (!key || !value) return wrong(part, "two hex digits after each '%'; a '%' itself is %25");
    if (key->empty()) return wrong(part, "a key in front of '='");
    if (!is_text(*key) || !is_text(*value)) return wrong(part, "UTF-8 without NUL");
    values.insert_or_assign(std::move(*key), std::move(*value));
  }
  return {.attributes = ResourceAttributes(values.begin(), values.end())};
}

}  // namespace waybill::internal
