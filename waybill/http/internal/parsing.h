// Reading one HTTP message from a Wire into a Beast parser, request or response, bounded in size.
// Beast's own limit does not hold for a head that arrives in many small pieces: here every byte is
// counted.
#pragma once

#include <cstddef>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/fields.hpp>

#include <waybill/http/headers.h>
#include <waybill/http/internal/wire.h>

namespace waybill::http::internal {

enum class ReadStatus {
  kDone,
  kClosed,   // the stream ended within the message
  kExpired,  // the wire's deadline passed
  kHeadTooLarge,
  kBodyTooLarge,
  kBadVersion,
  kMalformed,
};

inline ReadStatus read_status(const boost::beast::error_code& error) {
  using BeastError = boost::beast::http::error;
  if (!error) return ReadStatus::kDone;
  if (error == BeastError::header_limit) return ReadStatus::kHeadTooLarge;
  if (error == BeastError::body_limit) return ReadStatus::kBodyTooLarge;
  if (error == BeastError::bad_version) return ReadStatus::kBadVersion;
  if (error == BeastError::partial_message) return ReadStatus::kClosed;
  return ReadStatus::kMalformed;
}

// Gives the parser what is buffered. Done, or, with `more` set, in need of more bytes.
template <class Parser>
ReadStatus parse_buffered(Wire& wire, Parser& parser, std::size_t& consumed, bool& more) {
  boost::beast::error_code error;
  const std::size_t used = parser.put(wire.buffer().data(), error);
  wire.buffer().consume(used);
  consumed += used;
  more = error == boost::beast::http::error::need_more;
  return more ? ReadStatus::kDone : read_status(error);
}

// Up to and including the empty line, `max_bytes` at most. What follows stays in the wire's buffer.
template <class Parser>
boost::asio::awaitable<ReadStatus> read_head(Wire& wire, Parser& parser, std::size_t max_bytes) {
  std::size_t consumed = 0;
  while (true) {
    if (wire.buffer().size() != 0) {
      bool more = false;
      const ReadStatus status = parse_buffered(wire, parser, consumed, more);
      if (status != ReadStatus::kDone) co_return status;
      if (parser.is_header_done()) {
        co_return consumed <= max_bytes ? ReadStatus::kDone : ReadStatus::kHeadTooLarge;
      }
    }
    if (consumed + wire.buffer().size() > max_bytes) co_return ReadStatus::kHeadTooLarge;
    const bool filled = co_await wire.fill();
    if (!filled) co_return wire.expired() ? ReadStatus::kExpired : ReadStatus::kClosed;
  }
}

// The rest of the message, to its end. The parser's body_limit() bounds it.
template <class Parser>
boost::asio::awaitable<ReadStatus> read_body(Wire& wire, Parser& parser) {
  parser.eager(true);
  std::size_t consumed = 0;
  while (!parser.is_done()) {
    if (wire.buffer().size() != 0) {
      bool more = false;
      const ReadStatus status = parse_buffered(wire, parser, consumed, more);
      if (status != ReadStatus::kDone) co_return status;
      if (parser.is_done()) break;
      // Only the extensions of a chunk, or trailers, can fill the buffer and still lack an end.
      if (wire.full()) co_return ReadStatus::kMalformed;
    }
    const bool filled = co_await wire.fill();
    if (filled) continue;
    if (wire.expired()) co_return ReadStatus::kExpired;
    boost::beast::error_code error;
    parser.put_eof(error);
    co_return read_status(error);
  }
  co_return ReadStatus::kDone;
}

// What the parser has of the header fields so far.
template <class Fields>
Headers to_headers(const Fields& fields) {
  Headers headers;
  for (const auto& field : fields) {
    headers.add({field.name_string().data(), field.name_string().size()},
                {field.value().data(), field.value().size()});
  }
  return headers;
}

}  // namespace waybill::http::internal
