// The url of a queue that a server holds, taken apart; for the rooms of such kinds.
//
//   redis://user:secret@127.0.0.1:6379/2?queue=invoices
//   nats://10.0.0.1,10.0.0.2:4223,[::1]?queue=invoices&replicas=3
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::queue::internal {

struct ServerUrl {
  struct Server {
    std::string host;  // an IPv6 address without its brackets
    std::uint16_t port = 0;

    bool operator==(const Server&) const = default;
  };

  std::string user;
  std::string password;
  std::vector<Server> servers;                    // at least one
  std::string path;                               // what stands between '/' and '?'
  std::string queue;                              // 1 to 128 bytes without control characters
  std::map<std::string, std::string> parameters;  // but for queue
};

// What a kind expects.
struct ServerUrlShape {
  std::string_view scheme;
  std::uint16_t default_port;
  std::string_view example;                       // for the error
  std::vector<std::string_view> parameters = {};  // which it knows, but for queue
  bool takes_path = false;
};

// User, password, path and parameters are percent-decoded (RFC 3986, section 2.1). Throws
// waybill::Error, which does not tell the password, for what has not that shape, and for parameters
// that the kind does not know.
ServerUrl parse_server_url(std::string_view url, const ServerUrlShape& shape);

// For messages: "redis://user:***@host".
std::string without_password(std::string_view url);

}  // namespace waybill::queue::internal
