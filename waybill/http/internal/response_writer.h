// The head of a response as bytes (RFC 9112 section 4), and whether a body follows it.
#pragma once

#include <string>
#include <string_view>

#include <waybill/http/message.h>

namespace waybill::http::internal {

struct ResponseFraming {
  bool keep_alive = true;
  bool http_1_0 = false;      // what the client speaks
  bool head_request = false;  // the same head as for GET, and no body (RFC 9110 section 9.3.2)
};

std::string response_head(const Response& response, const ResponseFraming& framing);

// Empty where the status or the method leaves no room for one (RFC 9112 section 6.3).
std::string_view response_body(const Response& response, const ResponseFraming& framing) noexcept;

}  // namespace waybill::http::internal
