#include <algorithm>
#include <numeric>

#include <waybill/core/utf8.h>
#include <waybill/init/internal/bad_setting.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kLongestReason = 2000;
constexpr std::size_t kLongestCompared = 64;

std::string option_at(std::string_view option, std::string_view place) {
  return "option '" + shown_setting(option) + "' (" + shown_setting(place) + ")";
}

bool is_visible(std::string_view character) noexcept {
  if (character.size() == 1) return character[0] >= ' ' && character[0] != 0x7f;
  // C1 controls, line separators and marks that change the direction of what follows.
  return character >= "\u00a0" && !(character >= "\u200b" && character <= "\u200f") &&
         !(character >= "\u2028" && character <= "\u202e") &&
         !(character >= "\u2060" && character <= "\u206f") && character != "\ufeff" &&
         character != "\u061c";
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += "\\x";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
}

// How many characters are to be inserted, removed or replaced (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

Error bad_setting(std::string_view option, std::string_view place, std::string_view value,
                  std::string_view expected) {
  return Error(option_at(option, place) + ": '" + shown_setting(value) +
                   "' is not valid: expected " + shown_setting(expected, kLongestReason),
               {std::string(option), std::string(value), std::string(expected)});
}

Error bad_setting(std::string_view option, std::string_view place, const Error& reason) {
  return Error(option_at(option, place) + ": " + shown_setting(reason.what(), kLongestReason));
}

Error unknown_setting(std::string_view option, std::string_view place, std::string_view key,
                      const std::vector<std::string_view>& known) {
  std::string text = option_at(option, place) + " is not known: ";
  if (const std::string_view nearest = nearest_name(key, known); !nearest.empty()) {
    return Error(text.append("did you mean '").append(nearest).append("'?"));
  }
  text += "there are";
  for (std::size_t i = 0; i < known.size(); ++i) {
    text.append(i == 0 ? " " : ", ").append(known[i]);
  }
  return Error(text);
}

std::string shown_setting(std::string_view value, std::size_t longest) {
  std::string shown;
  const char* const end = value.data() + value.size();
  for (const char* p = value.data(); p != end;) {
    if (shown.size() >= longest) return shown + "...";
    const Utf8Step step = utf8_step(p, end);
    const std::string_view character(p, step.size);
    p += step.size;
    if (step.valid && is_visible(character)) {
      shown += character;
    } else {
      append_hex(shown, character);
    }
  }
  return shown;
}

std::string_view nearest_name(std::string_view key, const std::vector<std::string_view>& known) {
  key = key.substr(0, kLongestCompared);
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(key.size() / 3, 1) + 1;
  for (const std::string_view name : known) {
    const std::size_t far = distance(key, name);
    if (far >= least) continue;
    least = far;
    nearest = name;
  }
  if (!nearest.empty() || key.size() < 3) return nearest;
  for (const std::string_view name : known) {
    if (name.starts_with(key) || (name.size() >= 4 && key.starts_with(name))) return name;
  }
  return {};
}

}  // namespace waybill::internal
