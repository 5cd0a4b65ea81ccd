#include <algorithm>
#include <charconv>
#include <optional>

#include <waybill/core/error.h>
#include <waybill/propagation/internal/percent.h>
#include <waybill/queue/internal/queue_url.h>
#include <waybill/queue/internal/server_url.h>

namespace waybill::queue::internal {

namespace {

// What comes before the separator; `rest` is what comes after it, all of it gone if there is none.
std::string_view cut(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  if (!waybill::internal::decode_percent(text, out)) return std::nullopt;
  return out;
}

std::optional<ServerUrl::Server> server(std::string_view text, std::uint16_t default_port) {
  ServerUrl::Server found{.host = {}, .port = default_port};
  std::string_view port;
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    if (text.find(']') == std::string_view::npos) return std::nullopt;
    found.host = cut(text, ']');
    if (!text.empty() && text.front() != ':') return std::nullopt;
    port = text;
  } else {
    const std::size_t colon = std::min(text.find(':'), text.size());
    found.host = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (found.host.empty()) return std::nullopt;
  if (port.empty()) return found;
  port.remove_prefix(1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), found.port);
  if (error != std::errc() || end != port.data() + port.size() || found.port == 0) {
    return std::nullopt;
  }
  return found;
}

bool read_authority(std::string_view authority, const ServerUrlShape& shape, ServerUrl& url) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    std::string_view password = authority.substr(0, at);
    const auto user = decoded(cut(password, ':'));
    const auto decoded_password = decoded(password);
    if (!user || !decoded_password) return false;
    url.user = *user;
    url.password = *decoded_password;
    authority.remove_prefix(at + 1);
  }
  do {
    const auto found = server(cut(authority, ','), shape.default_port);
    if (!found) return false;
    url.servers.push_back(*found);
  } while (!authority.empty());
  return true;
}

bool read_parameters(std::string_view query, const ServerUrlShape& shape, ServerUrl& url) {
  while (!query.empty()) {
    std::string_view value = cut(query, '&');
    const auto name = decoded(cut(value, '='));
    const auto text = decoded(value);
    if (!name || !text) return false;
    const bool known =
        *name == "queue" || std::ranges::find(shape.parameters, *name) != shape.parameters.end();
    if (!known || !url.parameters.emplace(*name, *text).second) return false;
  }
  const auto queue = url.parameters.find("queue");
  if (queue == url.parameters.end() || !is_queue_name(queue->second)) return false;
  url.queue = queue->second;
  url.parameters.erase(queue);
  return true;
}

bool read(std::string_view text, const ServerUrlShape& shape, ServerUrl& url) {
  if (!text.starts_with(shape.scheme)) return false;
  text.remove_prefix(shape.scheme.size());
  if (!text.starts_with("://")) return false;
  text.remove_prefix(3);
  std::string_view place = cut(text, '?');
  if (!read_authority(cut(place, '/'), shape, url)) return false;
  const auto path = decoded(place);
  if (!path || (!path->empty() && !shape.takes_path)) return false;
  url.path = *path;
  return read_parameters(text, shape, url);
}

}  // namespace

std::string without_password(std::string_view url) {
  const std::size_t begin = std::min(url.find("://"), url.size());
  const std::size_t at = url.substr(0, url.find_first_of("/?", begin + 3)).rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  const std::size_t colon = url.find(':', begin + 3);
  if (colon > at) return std::string(url);
  return std::string(url.substr(0, colon + 1)) + "***" + std::string(url.substr(at));
}

ServerUrl parse_server_url(std::string_view url, const ServerUrlShape& shape) {
  ServerUrl found;
  if (read(url, shape, found)) return found;
  throw Error::bad_option("queue url", without_password(url), shape.example);
}

}  // namespace waybill::queue::internal
