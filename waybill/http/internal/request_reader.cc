#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <waybill/http/internal/parsing.h>
#include <waybill/http/internal/request_reader.h>
#include <waybill/http/internal/target.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http::internal {
namespace {

namespace beast_http = boost::beast::http;

constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";

RequestReader::Refusal refusal_for(ReadStatus status, std::string_view unread) {
  switch (status) {
    case ReadStatus::kDone:
    case ReadStatus::kClosed:
      return {};
    case ReadStatus::kExpired:
      return {408, "request took too long"};
    case ReadStatus::kHeadTooLarge:
      return {431, "request headers too large"};
    case ReadStatus::kBodyTooLarge:
      return {413, "request body too large"};
    case ReadStatus::kBadVersion: {
      // Beast says the same of "HTTP/2.0" and of "FOO"; the first line is still there to be asked.
      const std::string_view line = unread.substr(0, unread.find('\r'));
      if (line.find(" HTTP/") != std::string_view::npos) return {505, "not HTTP/1.0 or HTTP/1.1"};
      return {400, "malformed request"};
    }
    case ReadStatus::kMalformed:
      break;
  }
  return {400, "malformed request"};
}

}  // namespace

struct RequestReader::Parser : beast_http::request_parser<beast_http::string_body> {};

RequestReader::RequestReader(const ServerOptions& options)
    : options_(options), parser_(std::make_unique<Parser>()) {
  // One more than the limit, which read_head() enforces to the byte.
  constexpr std::size_t kMost = std::numeric_limits<std::uint32_t>::max() - 1;
  parser_->header_limit(static_cast<std::uint32_t>(std::min(options.max_header_bytes, kMost) + 1));
  parser_->body_limit(options.max_body_bytes);
}

RequestReader::~RequestReader() = default;

boost::asio::awaitable<bool> RequestReader::read(Wire& wire) {
  wire.expires_after(options_.header_timeout);
  const ReadStatus head = co_await read_head(wire, *parser_, options_.max_header_bytes);
  take_head();
  refusal_ = head == ReadStatus::kDone ? fault_of_head() : refusal_for(head, wire.buffered());
  if (head != ReadStatus::kDone || refusal_.status != 0) co_return false;

  wire.expires_after(options_.request_timeout);
  if (expects_continue() && !parser_->is_done() && wire.buffer().size() == 0) {
    const bool written = co_await wire.write(kGoOn, {});
    if (!written) co_return false;
  }
  const ReadStatus body = co_await read_body(wire, *parser_);
  refusal_ = refusal_for(body, {});
  if (body != ReadStatus::kDone) co_return false;
  wire.expires_never();
  request_.body = std::move(parser_->get().body());
  co_return true;
}

void RequestReader::take_head() {
  const auto& message = parser_->get();
  const auto text = [](auto view) { return std::string(view.data(), view.size()); };
  request_.method = text(message.method_string());
  request_.target = text(message.target());
  request_.headers = to_headers(message);
  if (const auto target = parse_target(request_.target)) {
    request_.path = target->path;
    request_.query_parameters = parse_query(target->query);
  }
}

// What RFC 9112 asks of a server beyond the grammar, which Beast has checked.
RequestReader::Refusal RequestReader::fault_of_head() const {
  const Headers& headers = request_.headers;
  if (request_.path.empty()) return {400, "malformed request target"};
  // Section 3.2.
  if (!http_1_0() && headers.count("Host") != 1) return {400, "exactly one Host header is needed"};
  // Section 6.1. Beast takes a body in any other coding, or none, for an absent one: what follows
  // would be read as the next request.
  if (headers.contains("Transfer-Encoding")) {
    if (http_1_0()) return {400, "HTTP/1.0 has no Transfer-Encoding"};
    if (!equal_ignoring_case(headers.get_joined("Transfer-Encoding"), "chunked")) {
      return {501, "unsupported Transfer-Encoding"};
    }
  }
  if (headers.contains("Expect") && !http_1_0() && !expects_continue()) {
    return {417, "unsupported expectation"};
  }
  return {};
}

bool RequestReader::expects_continue() const {
  return !http_1_0() && equal_ignoring_case(request_.headers.get_joined("Expect"), "100-continue");
}

bool RequestReader::keep_alive() const {
  return parser_->keep_alive();
}

bool RequestReader::http_1_0() const {
  return parser_->get().version() == 10;
}

}  // namespace waybill::http::internal
