// Client: sends HTTP/1.1 requests that carry the caller's trace.
//
//   Client client({.timeout = 2s, .trusted_hosts = {"jobs.internal"}});
//
//   ClientResult result = client.get("http://jobs.internal:8080/jobs/7");         // blocks
//   ClientResult result = co_await client.async_post(url, body, {{"Content-Type", "text/plain"}});
//   if (!result.ok()) log.warn("no answer: {}", result.message);
//   else use(result.response.status, result.response.body);
//
// The ambient context of the call goes along in the headers of the propagator's formats, which are
// traceparent, tracestate and X-Trace-ID if nothing else was said: its span is the parent that the
// callee sees. While tracing is on (waybill/trace), that is a span of kind client, one for each
// call, with http.request.method, url.full, server.address, server.port, and
// http.response.status_code or error.type (OpenTelemetry's semantic conventions for HTTP). Each
// call is also a record of level debug to the logger "http.client", with such fields and
// duration_ms: stories told from logs alone have the call in its place then. Baggage,
// and fields in it, go only to destinations that were declared trusted. After co_await the caller
// is back on its own executor; in a handler of Server that means under its own context.
//
// Errors are returned, not thrown; any status that the server sent, 500 too, is no error. http://
// URLs only: there is no TLS. Redirects are not followed, and no cookies kept.
//
// Connections are kept alive and used again, some for each host. A request whose method is
// idempotent (RFC 9110 section 9.2.2) is sent once more when a connection that was used before
// turns out to be dead; others are not, as they may have been carried out.
//
// Thread-safe. One thread of the client's own does the work of all calls, so that a call can be
// made from any thread, also from a handler of a server. The client must outlive its calls.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/message.h>
#include <waybill/propagation/propagator.h>

namespace waybill::http {

struct ClientOptions {
  // For a whole call: name lookup, connection, request and response.
  std::chrono::milliseconds timeout{30'000};
  // For a name lookup and a connection, as a part of that.
  std::chrono::milliseconds connect_timeout{5'000};

  std::size_t max_response_bytes = 8 * 1024 * 1024;  // of a body
  std::size_t max_header_bytes = 64 * 1024;

  // How the context is written into the headers.
  Propagator propagator = default_propagator();
  // Who may see baggage and fields: every host, or those named here as "host" or "host:port".
  bool trusted = false;
  std::vector<std::string> trusted_hosts = {};

  // Connections that are kept for later use, and for how long.
  std::size_t max_idle_per_host = 8;
  std::size_t max_idle = 64;
  std::chrono::milliseconds idle_timeout{30'000};
};

enum class ClientError {
  kBadRequest = 1,     // the URL or the method is malformed
  kUnsupportedScheme,  // not http://
  kResolve,            // the host's name has no address
  kConnect,
  kTimeout,
  kConnectionClosed,  // before the response was complete
  kBadResponse,       // not HTTP
  kResponseTooLarge,
  kCancelled,  // the waiting coroutine was, or the client is being destroyed
  kInternal,   // memory, threads
};

const std::error_category& client_error_category() noexcept;
std::error_code make_error_code(ClientError error) noexcept;

struct ClientRequest {
  std::string method = "GET";
  std::string url;
  Headers headers = {};
  std::string body = {};
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;  // in place of the client's
};

struct ClientResult {
  Response response;      // when ok()
  std::error_code error;  // a ClientError, else zero
  std::string message;    // for people: what went wrong, and with which host

  bool ok() const noexcept { return !error; }
};

class Client {
 public:
  // Throws Error for an option that is out of its range.
  explicit Client(ClientOptions options = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  // These block the calling thread.
  ClientResult send(ClientRequest request);
  ClientResult get(std::string url, Headers headers = {});
  ClientResult post(std::string url, std::string body, Headers headers = {});

  // These are coroutines for any Asio executor. The context that goes along is the one of the call,
  // not of the co_await.
  boost::asio::awaitable<ClientResult> async_send(ClientRequest request);
  boost::asio::awaitable<ClientResult> async_get(std::string url, Headers headers = {});
  boost::asio::awaitable<ClientResult> async_post(std::string url, std::string body,
                                                  Headers headers = {});

 private:
  class Running;

  std::unique_ptr<Running> running_;
};

}  // namespace waybill::http

template <>
struct std::is_error_code_enum<waybill::http::ClientError> : std::true_type {};
