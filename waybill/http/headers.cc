#include <algorithm>

#include <waybill/core/ascii.h>
#include <waybill/http/headers.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http {
namespace {

constexpr bool is_token_character(char c) noexcept {
  const bool alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return alphanumeric || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

std::string sendable(std::string_view value) {
  std::string clean(value);
  for (char& c : clean) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t') || byte == 0x7f) c = ' ';
  }
  return std::string(ascii::trimmed(clean));
}

}  // namespace

bool is_token(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

Headers::Headers(std::initializer_list<std::pair<std::string_view, std::string_view>> headers) {
  headers_.reserve(headers.size());
  for (const auto& [name, value] : headers) add(name, value);
}

bool Headers::add(std::string_view name, std::string_view value) {
  if (!is_token(name)) return false;
  headers_.push_back({std::string(name), sendable(value)});
  return true;
}

bool Headers::set(std::string_view name, std::string_view value) {
  if (!is_token(name)) return false;
  const auto has_name = [&](const Header& header) {
    return equal_ignoring_case(header.name, name);
  };
  const auto first = std::find_if(headers_.begin(), headers_.end(), has_name);
  if (first == headers_.end()) return add(name, value);
  // Cleaned before anything is removed: `value` may be a view into one of these headers.
  std::string clean = sendable(value);
  headers_.erase(std::remove_if(first + 1, headers_.end(), has_name), headers_.end());
  first->value = std::move(clean);
  return true;
}

void Headers::erase(std::string_view name) {
  std::erase_if(headers_,
                [&](const Header& header) { return equal_ignoring_case(header.name, name); });
}

std::optional<std::string_view> Headers::get(std::string_view name) const noexcept {
  for (const Header& header : headers_) {
    if (equal_ignoring_case(header.name, name)) return header.value;
  }
  return std::nullopt;
}

std::string Headers::get_joined(std::string_view name) const {
  std::string joined;
  bool first = true;
  for (const Header& header : headers_) {
    if (!equal_ignoring_case(header.name, name)) continue;
    if (!first) joined += ',';
    joined += header.value;
    first = false;
  }
  return joined;
}

std::size_t Headers::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(headers_.begin(), headers_.end(),
                    [&](const Header& header) { return equal_ignoring_case(header.name, name); }));
}

bool Headers::lists_token(std::string_view name, std::string_view token) const noexcept {
  for (const Header& header : headers_) {
    if (!equal_ignoring_case(header.name, name)) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (equal_ignoring_case(ascii::trimmed(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

}  // namespace waybill::http
