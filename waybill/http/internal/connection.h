// Connection: one client's socket; reads its requests and answers them, one after the other.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <waybill/http/internal/application.h>
#include <waybill/http/internal/request_reader.h>
#include <waybill/http/internal/response_writer.h>
#include <waybill/http/internal/wire.h>
#include <waybill/http/server.h>

namespace waybill::http::internal {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // The socket's executor must be a strand of its own.
  Connection(boost::asio::ip::tcp::socket socket, const Application& application,
             const ServerOptions& options);

  // Serves until the connection is closed, then calls `at_end`. Owns itself meanwhile.
  void run(std::function<void(const std::shared_ptr<Connection>&)> at_end);

  // Thread-safe. Closes as soon as no request is under way.
  void stop();
  // Thread-safe. Closes now and cancels the handler, if one runs.
  void abort();

 private:
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<bool> wait_for_request();
  boost::asio::awaitable<bool> serve_one();
  boost::asio::awaitable<bool> answer(Response response, ResponseFraming framing);

  std::shared_ptr<Wire> wire_;
  const Application& application_;
  const ServerOptions& options_;
  boost::asio::cancellation_signal cancel_;
  std::string remote_address_;
  std::uint16_t remote_port_ = 0;
  // Used on the strand alone.
  bool idle_ = true;
  bool stopping_ = false;
};

}  // namespace waybill::http::internal
