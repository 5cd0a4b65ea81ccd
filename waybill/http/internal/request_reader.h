// RequestReader: one request from a connection, or the answer that its faults deserve.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/internal/wire.h>
#include <waybill/http/message.h>
#include <waybill/http/server.h>

namespace waybill::http::internal {

class RequestReader {
 public:
  explicit RequestReader(const ServerOptions& options);
  ~RequestReader();

  // Reads the whole request, telling a client that waits for it to go on (RFC 9110 section 10.1.1).
  // False when there is nothing to handle: then refusal() says what to answer, if anything.
  boost::asio::awaitable<bool> read(Wire& wire);

  // What was understood, complete or not.
  Request& request() noexcept { return request_; }
  bool keep_alive() const;
  bool http_1_0() const;

  struct Refusal {
    int status = 0;  // 0: there is nobody left to answer
    std::string_view reason;
  };
  Refusal refusal() const noexcept { return refusal_; }

 private:
  struct Parser;

  void take_head();
  Refusal fault_of_head() const;
  bool expects_continue() const;

  const ServerOptions& options_;
  std::unique_ptr<Parser> parser_;
  Request request_;
  Refusal refusal_;
};

}  // namespace waybill::http::internal
