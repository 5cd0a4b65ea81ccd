// Request and Response: what a handler is given and what it gives back.
//
//   Response job(const Request& request) {
//     const std::string id = request.param("id").value_or("");        // of the route "/jobs/{id}"
//     const std::string zip = request.query("zip").value_or("");      // of "?zip=94043"
//     return Response::json(200, R"({"status": "queued"})");
//   }
//
// Plain values without any library behind them: including this file costs the standard library
// alone. Only std::bad_alloc is thrown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/http/headers.h>

namespace waybill::http {

// Names and values, decoded, in their order.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method = {};  // in the case in which it came: methods are case-sensitive
  std::string target = {};  // as it came: "/jobs/7?full=1"
  std::string path = {};    // of the target, still percent-encoded: "/jobs/7"
  Parameters query_parameters = {};
  Headers headers = {};
  std::string body = {};
  std::string remote_address = {};  // "192.0.2.7" or "2001:db8::7"
  std::uint16_t remote_port = 0;

  // Of the route that matched, for instance "/jobs/{id}"; empty when none did.
  std::string route = {};
  Parameters path_parameters = {};

  // The first query parameter of this name ("" for "?name"), decoded.
  std::optional<std::string> query(std::string_view name) const;
  // The path parameter of this name, decoded.
  std::optional<std::string> param(std::string_view name) const;
  // The first header of this name.
  std::optional<std::string_view> header(std::string_view name) const noexcept {
    return headers.get(name);
  }
};

// The server adds Date, Content-Length and Connection itself, and overrides them if they are set.
struct Response {
  int status = 200;
  Headers headers = {};
  std::string body = {};

  static Response json(int status, std::string body);  // `body` is JSON already
  static Response text(int status, std::string body);  // UTF-8
  static Response html(int status, std::string body);  // UTF-8
  // {"error": "<message>"}
  static Response error(int status, std::string_view message);

  std::optional<std::string_view> header(std::string_view name) const noexcept {
    return headers.get(name);
  }
};

// "Not Found" for 404 (RFC 9110 section 15); empty for a status that nobody has named.
std::string_view reason_phrase(int status) noexcept;

}  // namespace waybill::http
