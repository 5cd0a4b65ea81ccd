#include <algorithm>
#include <charconv>

#include <waybill/core/ascii.h>
#include <waybill/http/internal/url.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http::internal {
namespace {

constexpr std::string_view kScheme = "http://";
constexpr std::size_t kMaxUrlSize = 64 * 1024;
constexpr std::size_t kMaxHostSize = 255;

ParsedUrl failure(ClientError error, std::string message) {
  return {{}, make_error_code(error), std::move(message)};
}

bool is_visible(char c) noexcept {
  return c > 0x20 && c < 0x7f;
}

bool is_host_character(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_';
}

bool is_ipv6_character(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

// ":8080" or nothing at all.
bool parse_port(std::string_view text, std::uint16_t& port) {
  if (text.empty() || text == ":") return true;
  if (text.front() != ':') return false;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + 1, end, port);
  return error == std::errc{} && last == end && port != 0;
}

bool parse_authority(std::string_view authority, Url& url) {
  const bool ipv6 = authority.starts_with('[');
  const std::size_t host_begin = ipv6 ? 1 : 0;
  const std::size_t host_end = std::min(authority.find(ipv6 ? ']' : ':'), authority.size());
  if (ipv6 && host_end == authority.size()) return false;
  url.host = ascii::lowercase(authority.substr(host_begin, host_end - host_begin));
  const bool host_valid =
      !url.host.empty() && url.host.size() <= kMaxHostSize &&
      std::all_of(url.host.begin(), url.host.end(), ipv6 ? is_ipv6_character : is_host_character);
  if (!host_valid || !parse_port(authority.substr(host_end + host_begin), url.port)) return false;
  url.authority = ipv6 ? "[" + url.host + "]" : url.host;
  if (url.port != 80) url.authority += ":" + std::to_string(url.port);
  return true;
}

}  // namespace

std::string Url::host_and_port() const {
  return port == 80 ? authority + ":80" : authority;
}

ParsedUrl parse_url(std::string_view text) {
  const std::string quoted = "'" + std::string(text.substr(0, 200)) + "'";
  const std::size_t scheme_end = text.find("://");
  if (text.size() > kMaxUrlSize || scheme_end == std::string_view::npos ||
      !std::all_of(text.begin(), text.end(), is_visible)) {
    return failure(ClientError::kBadRequest,
                   quoted + " is not a URL such as http://host:8080/path");
  }
  if (!equal_ignoring_case(text.substr(0, scheme_end + 3), kScheme)) {
    return failure(ClientError::kUnsupportedScheme,
                   quoted + ": only http:// is supported; there is no TLS in this client");
  }
  text.remove_prefix(kScheme.size());
  text = text.substr(0, text.find('#'));
  const std::size_t authority_end = std::min(text.find_first_of("/?"), text.size());

  ParsedUrl parsed;
  if (!parse_authority(text.substr(0, authority_end), parsed.url)) {
    return failure(ClientError::kBadRequest,
                   quoted + " has no valid host and port; user names are not supported");
  }
  const std::string_view target = text.substr(authority_end);
  parsed.url.target = target.starts_with('/') ? "" : "/";
  parsed.url.target += target;
  return parsed;
}

}  // namespace waybill::http::internal
