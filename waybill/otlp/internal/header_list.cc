#include <algorithm>
#include <array>

#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/core/hex.h>
#include <waybill/otlp/internal/header_list.h>

namespace waybill::internal {
namespace {

constexpr std::array<std::string_view, 6> kOwnHeaders = {
    "content-type", "content-encoding", "content-length", "host", "transfer-encoding", "expect"};

bool is_token_character(char c) {
  const char lower = ascii::lowercase(c);
  return ('a' <= lower && lower <= 'z') || ('0' <= c && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// A '%' without two hex digits stands for itself: tokens that were put in as they are.
std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex::digit(text[i + 1]) : -1;
    const int low = high >= 0 ? hex::digit(text[i + 2]) : -1;
    if (low < 0) {
      decoded += text[i];
    } else {
      decoded += static_cast<char>(16 * high + low);
      i += 2;
    }
  }
  return decoded;
}

}  // namespace

void check_header(std::string_view option, const Header& header) {
  const auto& [name, value] = header;
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_token_character)) {
    throw Error::bad_option(option, name, "the name of a header, and '=' and its value");
  }
  const std::string lower = ascii::lowercase(name);
  if (std::find(kOwnHeaders.begin(), kOwnHeaders.end(), lower) != kOwnHeaders.end()) {
    throw Error::bad_option(option, name, "a header that the exporter does not set by itself");
  }
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  };
  if (std::any_of(value.begin(), value.end(), is_control)) {
    throw Error::bad_option(option, name, "a value without control characters");
  }
}

std::vector<Header> parse_header_list(std::string_view option, std::string_view list) {
  std::vector<Header> headers;
  while (!list.empty()) {
    const auto comma = list.find(',');
    const std::string_view member = ascii::trimmed(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    if (member.empty()) continue;
    const auto equals = member.find('=');
    if (equals == std::string_view::npos) {
      // It may be a value, cut off by a comma that was to be written %2C.
      throw Error::bad_option(option, "...", "name=value, and commas in values as %2C");
    }
    Header header(ascii::trimmed(member.substr(0, equals)),
                  percent_decoded(ascii::trimmed(member.substr(equals + 1))));
    check_header(option, header);
    headers.push_back(std::move(header));
  }
  return headers;
}

}  // namespace waybill::internal
