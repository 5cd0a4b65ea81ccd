// Listener: the socket on which a server takes connections.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <waybill/http/internal/application.h>
#include <waybill/http/internal/connection_set.h>
#include <waybill/http/server.h>

namespace waybill::http::internal {

class Listener : public std::enable_shared_from_this<Listener> {
 public:
  // Binds. Throws Error, naming host and port, when that is not possible. What is referred to must
  // outlive the io_context's work.
  Listener(boost::asio::io_context& io, const Application& application, ConnectionSet& connections,
           const ServerOptions& options);

  std::uint16_t port() const noexcept { return port_; }

  // Takes connections until close(). Owns itself meanwhile.
  void run();
  // Thread-safe.
  void close();

 private:
  boost::asio::awaitable<void> accept_all();
  void try_to_take(boost::asio::ip::tcp::socket socket) noexcept;
  void take(boost::asio::ip::tcp::socket socket);
  void turn_away(boost::asio::ip::tcp::socket socket);

  boost::asio::io_context& io_;
  const Application& application_;
  ConnectionSet& connections_;
  const ServerOptions& options_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  // Connections that were told 503 and have not closed yet.
  const std::shared_ptr<std::atomic<int>> turned_away_ = std::make_shared<std::atomic<int>>(0);
};

}  // namespace waybill::http::internal
