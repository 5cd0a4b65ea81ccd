// ConnectionPool: a client's connections that wait for their next request.
//
// All calls must be on the one thread that runs the io_context.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <waybill/http/internal/wire.h>

namespace waybill::http::internal {

class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
 public:
  struct Limits {
    std::size_t max_idle_per_host;
    std::size_t max_idle;
    std::chrono::milliseconds idle_timeout;
  };
  ConnectionPool(boost::asio::io_context& io, Limits limits);

  // The connection to this host that was used last, if it is still good; else null.
  std::shared_ptr<Wire> take(std::string_view host_and_port);
  // Keeps it. What is beyond the limits is closed, the longest unused first.
  void put(std::string host_and_port, std::shared_ptr<Wire> wire);
  std::size_t size() const noexcept { return idle_.size(); }

 private:
  struct Idle {
    std::string host_and_port;
    std::shared_ptr<Wire> wire;
    std::chrono::steady_clock::time_point until;
  };

  void drop_expired();
  void wait_for_expiry();

  const Limits limits_;
  std::list<Idle> idle_;  // the longest unused first
  boost::asio::steady_timer expiry_;
  bool waiting_ = false;
};

}  // namespace waybill::http::internal
