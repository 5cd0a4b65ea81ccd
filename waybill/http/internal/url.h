// Url: where a client's request goes (RFC 3986, of which http:// URLs use a part).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/http/client.h>

namespace waybill::http::internal {

struct Url {
  std::string host;  // a name or an address, lower case, without the brackets of IPv6
  std::uint16_t port = 80;
  std::string authority;  // as a Host header has it: the port is left out when it is 80
  std::string target;     // path and query, at least "/"

  std::string host_and_port() const;  // the key of a connection: "host:80", "[::1]:80"
};

struct ParsedUrl {
  Url url;
  std::error_code error;
  std::string message;  // of the error
};

// A fragment is dropped, as it is never sent. User names are refused: they belong into a header.
ParsedUrl parse_url(std::string_view text);

}  // namespace waybill::http::internal
