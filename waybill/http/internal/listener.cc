#include <exception>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/core/error.h>
#include <waybill/http/internal/connection.h>
#include <waybill/http/internal/listener.h>
#include <waybill/http/internal/response_writer.h>
#include <waybill/http/internal/wire.h>
#include <waybill/log/log.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Before accepting again after an error, which is mostly a lack of file descriptors: time for some
// to be freed.
constexpr std::chrono::milliseconds kAcceptPause{50};
constexpr std::chrono::milliseconds kTurnAwayTime{1'000};
constexpr int kMaxTurnedAway = 64;
constexpr std::size_t kTurnAwayBuffer = 4 * 1024;

[[noreturn]] void cannot_listen(const ServerOptions& options, const error_code& error) {
  throw Error("cannot listen on " + options.host + ":" + std::to_string(options.port) + ": " +
              error.message());
}

tcp::endpoint resolve(asio::io_context& io, const ServerOptions& options) {
  error_code error;
  const asio::ip::address address = asio::ip::make_address(options.host, error);
  if (!error) return {address, options.port};
  const auto found = tcp::resolver(io).resolve(options.host, std::to_string(options.port), error);
  if (error || found.empty()) cannot_listen(options, error);
  return *found.begin();
}

asio::awaitable<void> say_busy(std::shared_ptr<Wire> wire) {
  Response busy = Response::error(503, "too many connections");
  busy.headers.set("Retry-After", "1");
  wire->expires_after(kTurnAwayTime);
  const bool written = co_await wire->write(response_head(busy, {.keep_alive = false}), busy.body);
  if (written) co_await wire->linger();
}

}  // namespace

Listener::Listener(asio::io_context& io, const Application& application, ConnectionSet& connections,
                   const ServerOptions& options)
    : io_(io),
      application_(application),
      connections_(connections),
      options_(options),
      acceptor_(asio::make_strand(io)) {
  const tcp::endpoint endpoint = resolve(io, options);
  error_code error;
  acceptor_.open(endpoint.protocol(), error);
  // A port whose former owner's connections are still in TIME_WAIT is free.
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(tcp::acceptor::max_listen_connections, error);
  if (error) cannot_listen(options, error);
  port_ = acceptor_.local_endpoint().port();
}

void Listener::run() {
  asio::co_spawn(acceptor_.get_executor(), accept_all(),
                 [self = shared_from_this()](const std::exception_ptr& /*no memory*/) {});
}

void Listener::close() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
  });
}

asio::awaitable<void> Listener::accept_all() {
  asio::steady_timer pause(acceptor_.get_executor());
  while (acceptor_.is_open()) {
    error_code error;
    tcp::socket socket =
        co_await acceptor_.async_accept(asio::any_io_executor(asio::make_strand(io_)),
                                        asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      try_to_take(std::move(socket));
    } else if (error != asio::error::operation_aborted) {
      pause.expires_after(kAcceptPause);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }
}

// Without memory for a connection the socket is closed, and the next one may find some.
void Listener::try_to_take(tcp::socket socket) noexcept {
  try {
    take(std::move(socket));
  } catch (const std::exception& error) {
    logger("http").warn("cannot take a connection: {}", error.what());
  }
}

void Listener::take(tcp::socket socket) {
  if (!connections_.has_room()) {
    turn_away(std::move(socket));
    return;
  }
  const auto connection = std::make_shared<Connection>(std::move(socket), application_, options_);
  if (!connections_.add(connection)) return;
  connection->run([&connections = connections_](const std::shared_ptr<Connection>& ended) {
    connections.remove(ended);
  });
}

// Bounded itself: beyond a number of these the connection is closed without a word.
void Listener::turn_away(tcp::socket socket) {
  if (turned_away_->fetch_add(1) >= kMaxTurnedAway) {
    turned_away_->fetch_sub(1);
    return;
  }
  auto wire = std::make_shared<Wire>(std::move(socket), kTurnAwayBuffer);
  asio::co_spawn(wire->socket().get_executor(), say_busy(wire),
                 [count = turned_away_](const std::exception_ptr&) { count->fetch_sub(1); });
}

}  // namespace waybill::http::internal
