#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <waybill/http/internal/exchange.h>
#include <waybill/http/internal/parsing.h>
#include <waybill/http/internal/time_limit.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using ResponseParser = beast_http::response_parser<beast_http::string_body>;

constexpr std::size_t kBufferedBeyondHead = 16 * 1024;
// 100 Continue and 103 Early Hints come before the response; a server that sends nothing else is
// broken.
constexpr int kMaxInterimResponses = 16;

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<std::string_view, n>& choices) {
  return std::any_of(choices.begin(), choices.end(),
                     [&](std::string_view choice) { return equal_ignoring_case(text, choice); });
}

std::string request_head(const Outgoing& outgoing) {
  constexpr std::array<std::string_view, 6> kOwn{"Connection", "Content-Length",    "Host",
                                                 "Keep-Alive", "Transfer-Encoding", "Expect"};
  constexpr std::array<std::string_view, 3> kWithBody{"POST", "PUT", "PATCH"};
  std::string head = outgoing.method + " " + outgoing.url.target + " HTTP/1.1\r\nHost: ";
  head.append(outgoing.headers.get("Host").value_or(outgoing.url.authority)).append("\r\n");
  for (const Header& header : outgoing.headers) {
    if (is_one_of(header.name, kOwn)) continue;
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  // A method that usually has a body says so when it has none (RFC 9110 section 8.6).
  if (!outgoing.body.empty() || is_one_of(outgoing.method, kWithBody)) {
    head.append("Content-Length: ").append(std::to_string(outgoing.body.size())).append("\r\n");
  }
  return head.append("\r\n");
}

// RFC 9110 section 9.2.2.
bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> kIdempotent{"GET",     "HEAD",   "PUT",
                                                        "OPTIONS", "DELETE", "TRACE"};
  return std::find(kIdempotent.begin(), kIdempotent.end(), method) != kIdempotent.end();
}

struct Connected {
  std::shared_ptr<Wire> wire;
  ClientError error = ClientError::kConnect;
  std::string cause;
};

asio::awaitable<Connected> connect(Url url, std::size_t max_buffered) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  error_code error;
  std::vector<tcp::endpoint> endpoints;
  if (const auto address = asio::ip::make_address(url.host, error); !error) {
    endpoints.emplace_back(address, url.port);
  } else {
    tcp::resolver resolver(executor);
    const tcp::resolver::results_type found = co_await resolver.async_resolve(
        url.host, std::to_string(url.port), asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return Connected{nullptr, ClientError::kResolve, error.message()};
    for (const auto& entry : found) endpoints.push_back(entry.endpoint());
  }
  error = asio::error::host_not_found;
  for (const tcp::endpoint& endpoint : endpoints) {
    tcp::socket socket(executor);
    co_await socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error)
      co_return Connected{std::make_shared<Wire>(std::move(socket), max_buffered), {}, {}};
  }
  co_return Connected{nullptr, ClientError::kConnect, error.message()};
}

struct RoundTrip {
  ReadStatus status = ReadStatus::kClosed;
  bool answered = false;  // at least a byte of the response arrived
  bool keep_alive = false;
  Response response;
};

void take_response(ResponseParser& parser, RoundTrip& trip) {
  auto& message = parser.get();
  trip.response.status = static_cast<int>(message.result_int());
  trip.response.headers = to_headers(message);
}

asio::awaitable<RoundTrip> round_trip(std::shared_ptr<Wire> wire, const Outgoing& outgoing) {
  RoundTrip trip;
  const std::string head = request_head(outgoing);
  // A server may answer and close before it has read all: what it says counts, not this result.
  const bool written = co_await wire->write(head, outgoing.body);
  for (int i = 0; i < kMaxInterimResponses; ++i) {
    ResponseParser parser;
    parser.header_limit(std::numeric_limits<std::uint32_t>::max());
    parser.body_limit(outgoing.max_response_bytes);
    parser.skip(outgoing.method == "HEAD");
    trip.status = co_await read_head(*wire, parser, outgoing.max_header_bytes);
    trip.answered = trip.answered || parser.got_some();
    if (trip.status != ReadStatus::kDone) co_return trip;
    take_response(parser, trip);
    if (trip.response.status / 100 == 1 && trip.response.status != 101) continue;

    trip.status = co_await read_body(*wire, parser);
    trip.keep_alive = written && parser.is_done() && parser.keep_alive();
    trip.response.body = std::move(parser.get().body());
    co_return trip;
  }
  trip.status = ReadStatus::kMalformed;
  co_return trip;
}

ClientResult to_result(RoundTrip trip, const Outgoing& outgoing) {
  const std::string host = outgoing.url.host_and_port();
  switch (trip.status) {
    case ReadStatus::kDone:
      return {std::move(trip.response), {}, {}};
    case ReadStatus::kClosed:
    case ReadStatus::kExpired:
      return failed_call(ClientError::kConnectionClosed,
                         host + " closed the connection before its response was complete");
    case ReadStatus::kHeadTooLarge:
      return failed_call(ClientError::kResponseTooLarge,
                         "the headers of the response from " + host + " are larger than " +
                             std::to_string(outgoing.max_header_bytes) + " bytes");
    case ReadStatus::kBodyTooLarge:
      return failed_call(ClientError::kResponseTooLarge,
                         "the response from " + host + " is larger than " +
                             std::to_string(outgoing.max_response_bytes) + " bytes");
    case ReadStatus::kBadVersion:
    case ReadStatus::kMalformed:
      break;
  }
  return failed_call(ClientError::kBadResponse, host + " did not answer in HTTP/1.1");
}

}  // namespace

ClientResult failed_call(ClientError error, std::string message) {
  return {{}, make_error_code(error), std::move(message)};
}

asio::awaitable<ClientResult> exchange(std::shared_ptr<ConnectionPool> pool, Outgoing outgoing) {
  const std::string host = outgoing.url.host_and_port();
  if (std::shared_ptr<Wire> kept = pool->take(host)) {
    RoundTrip trip = co_await round_trip(kept, outgoing);
    if (trip.keep_alive && kept->buffer().size() == 0) pool->put(host, std::move(kept));
    const bool was_dead = trip.status == ReadStatus::kClosed && !trip.answered;
    if (!was_dead || !is_idempotent(outgoing.method)) {
      co_return to_result(std::move(trip), outgoing);
    }
  }

  std::optional<Connected> connected =
      co_await within(outgoing.connect_timeout,
                      connect(outgoing.url, outgoing.max_header_bytes + kBufferedBeyondHead));
  if (!connected) {
    co_return failed_call(ClientError::kTimeout,
                          "connecting to " + host + " took longer than " +
                              std::to_string(outgoing.connect_timeout.count()) + " ms");
  }
  if (!connected->wire) {
    co_return failed_call(connected->error, "cannot connect to " + host + ": " + connected->cause);
  }
  std::shared_ptr<Wire> wire = std::move(connected->wire);
  RoundTrip trip = co_await round_trip(wire, outgoing);
  if (trip.keep_alive && wire->buffer().size() == 0) pool->put(host, std::move(wire));
  co_return to_result(std::move(trip), outgoing);
}

}  // namespace waybill::http::internal
