// exchange: one request of a client and the response to it, over a connection that is kept or new.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>

#include <waybill/http/client.h>
#include <waybill/http/internal/connection_pool.h>
#include <waybill/http/internal/url.h>

namespace waybill::http::internal {

struct Outgoing {
  Url url;
  std::string method;
  Headers headers;
  std::string body;
  std::chrono::milliseconds connect_timeout;
  std::size_t max_header_bytes;
  std::size_t max_response_bytes;
};

// Owns all that it uses; without a limit of time but that for connecting. To be awaited on the
// pool's thread.
boost::asio::awaitable<ClientResult> exchange(std::shared_ptr<ConnectionPool> pool,
                                              Outgoing outgoing);

ClientResult failed_call(ClientError error, std::string message);

}  // namespace waybill::http::internal
