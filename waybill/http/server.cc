#include <condition_variable>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/http/internal/application.h>
#include <waybill/http/internal/connection_set.h>
#include <waybill/http/internal/listener.h>
#include <waybill/http/server.h>
#include <waybill/log/log.h>

namespace waybill::http {
namespace {

// For handlers that were cancelled to end, and for what they left running on the server's threads;
// then it is destroyed.
constexpr std::chrono::milliseconds kCancelTime{500};

void require(bool valid, std::string_view option, auto value, std::string_view expected) {
  if (!valid) throw Error::bad_option(option, std::to_string(value), expected);
}

ServerOptions checked(ServerOptions options) {
  require(options.threads >= 1 && options.threads <= 1024, "threads", options.threads, "1 to 1024");
  require(options.max_header_bytes >= 256 && options.max_header_bytes <= 16 * 1024 * 1024,
          "max_header_bytes", options.max_header_bytes, "256 to 16777216");
  require(options.max_connections >= 1, "max_connections", options.max_connections, "at least 1");
  const auto positive = [](std::string_view option, std::chrono::milliseconds time) {
    require(time.count() > 0, option, time.count(), "more than 0 ms");
  };
  positive("idle_timeout", options.idle_timeout);
  positive("header_timeout", options.header_timeout);
  positive("request_timeout", options.request_timeout);
  positive("write_timeout", options.write_timeout);
  require(options.stop_timeout.count() >= 0, "stop_timeout", options.stop_timeout.count(),
          "0 ms or more");
  return options;
}

}  // namespace

class Server::Running {
 public:
  explicit Running(ServerOptions options)
      : options_(checked(std::move(options))),
        application_(options_),
        io_(std::make_unique<boost::asio::io_context>(static_cast<int>(options_.threads))),
        work_(boost::asio::make_work_guard(*io_)),
        connections_(std::make_unique<internal::ConnectionSet>(options_.max_connections)) {}

  ~Running() {
    stop();
    // Handlers that were given up are destroyed with the io_context, with scopes that they opened:
    // those must leave no trace on this thread.
    const Scope scope{capture()};
    work_.reset();
    listener_.reset();
    connections_.reset();
    io_.reset();
  }

  internal::Application& application() {
    if (listener_) throw Error("routes and middlewares must be added before Server::start()");
    return application_;
  }

  void start() {
    if (listener_) throw Error("Server::start() was called before");
    listener_ = std::make_shared<internal::Listener>(*io_, application_, *connections_, options_);
    listener_->run();
    const std::lock_guard lock(stop_mutex_);
    for (unsigned i = 0; i < options_.threads; ++i) threads_.emplace_back([this] { work(); });
  }

  void stop() {
    if (!listener_) return;
    listener_->close();
    connections_->stop_all();
    if (io_->get_executor().running_in_this_thread()) return;

    const std::lock_guard lock(stop_mutex_);
    if (threads_.empty()) return;
    if (!connections_->wait_until_empty(options_.stop_timeout)) connections_->abort_all();
    work_.reset();
    wait_for_rest_of_work();
    io_->stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  std::uint16_t port() const noexcept { return listener_ ? listener_->port() : std::uint16_t{0}; }
  std::size_t connections() const { return connections_->size(); }

 private:
  void work() noexcept {
    while (!io_->stopped()) {
      try {
        io_->run();
      } catch (const std::exception& error) {
        logger("http").error("work on a server's thread failed: {}", error.what());
      }
    }
    const std::lock_guard lock(idle_mutex_);
    ++idle_threads_;
    idle_changed_.notify_all();
  }

  void wait_for_rest_of_work() {
    std::unique_lock lock(idle_mutex_);
    idle_changed_.wait_for(lock, kCancelTime, [this] { return idle_threads_ == threads_.size(); });
  }

  const ServerOptions options_;
  internal::Application application_;
  std::unique_ptr<boost::asio::io_context> io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  // These hold sockets of the io_context, and are gone before it.
  std::unique_ptr<internal::ConnectionSet> connections_;
  std::shared_ptr<internal::Listener> listener_;
  std::mutex stop_mutex_;  // guards threads_
  std::vector<std::thread> threads_;
  std::mutex idle_mutex_;  // guards idle_threads_: those that have run out of work
  std::condition_variable idle_changed_;
  std::size_t idle_threads_ = 0;
};

Server::Server(ServerOptions options) : running_(std::make_unique<Running>(std::move(options))) {}

Server::~Server() = default;

void Server::route(std::string_view method, std::string_view pattern, Handler handler) {
  running_->application().route(method, pattern, std::move(handler));
}

void Server::use(Middleware middleware) {
  running_->application().use(std::move(middleware));
}

void Server::start() {
  running_->start();
}

std::uint16_t Server::port() const noexcept {
  return running_->port();
}

std::size_t Server::connections() const noexcept {
  return running_->connections();
}

void Server::stop() {
  running_->stop();
}

}  // namespace waybill::http
