// Sockets, resolvers and signals of plain Asio, with callbacks and with coroutines.
#include <array>
#include <atomic>
#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio.hpp>
#include <gtest/gtest.h>

#include <waybill/async/tracking/internal/numbered_context.h>
#include <waybill/core/scope.h>

namespace waybill::tracking {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using asio::co_spawn;
using asio::detached;
using asio::use_awaitable;
using asio::ip::tcp;
using boost::system::error_code;

constexpr int kClients = 40;
constexpr int kMessages = 25;

class Io : public TrackingTest {
 protected:
  static tcp::endpoint any_port() { return {asio::ip::address_v4::loopback(), 0}; }

  asio::io_context io_;
};
INSTANTIATE_TEST_SUITE_P(Threads, Io, one_and_four_threads());

// The first line says what number the connection has; from then on it is the ambient one.
awaitable<void> serve(tcp::socket socket) {
  EXPECT_EQ(current_number(), 0);
  std::string in;
  const std::size_t first =
      co_await asio::async_read_until(socket, asio::dynamic_buffer(in), '\n', use_awaitable);
  const int number = std::stoi(in);
  const Scope scope{numbered(number)};
  in.erase(0, first);
  for (int i = 0; i < kMessages; ++i) {
    const std::size_t n =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(in), '\n', use_awaitable);
    EXPECT_EQ(current_number(), number);
    co_await asio::async_write(socket, asio::buffer(in, n), use_awaitable);
    EXPECT_EQ(current_number(), number);
    in.erase(0, n);
  }
}

awaitable<void> accept(tcp::acceptor& acceptor) {
  for (int i = 0; i < kClients; ++i) {
    tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    co_spawn(acceptor.get_executor(), serve(std::move(socket)), detached);
    EXPECT_EQ(current_number(), 0);
  }
}

awaitable<void> ask(tcp::endpoint server, int number, std::atomic<int>& answers) {
  const Scope scope{numbered(-number)};
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await asio::async_connect(socket, std::array{server}, use_awaitable);
  EXPECT_EQ(current_number(), -number);
  const std::string message = std::to_string(number) + "\n";
  co_await asio::async_write(socket, asio::buffer(message), use_awaitable);
  std::string in;
  for (int i = 0; i < kMessages; ++i) {
    co_await asio::async_write(socket, asio::buffer(message), use_awaitable);
    EXPECT_EQ(current_number(), -number);
    const std::size_t n =
        co_await asio::async_read_until(socket, asio::dynamic_buffer(in), '\n', use_awaitable);
    EXPECT_EQ(current_number(), -number);
    EXPECT_EQ(in.substr(0, n), message);
    in.erase(0, n);
    ++answers;
  }
}

TEST_P(Io, CoroutinesOnSockets) {
  std::atomic<int> answers{0};
  tcp::acceptor acceptor(io_, any_port());
  co_spawn(io_, accept(acceptor), detached);
  for (int i = 1; i <= kClients; ++i) {
    co_spawn(io_, ask(acceptor.local_endpoint(), i, answers), detached);
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(answers, kClients * kMessages);
}

// The way it was written before coroutines.
struct Session : std::enable_shared_from_this<Session> {
  explicit Session(tcp::socket s) : socket(std::move(s)) {}

  void start() {
    socket.async_read_some(asio::buffer(bytes),
                           [self = shared_from_this()](error_code error, std::size_t n) {
                             if (error) return;
                             self->number = std::stoi(std::string(self->bytes.data(), n));
                             const Scope scope{numbered(self->number)};
                             self->write(n);
                           });
  }
  void read() {
    socket.async_read_some(asio::buffer(bytes),
                           [self = shared_from_this()](error_code error, std::size_t n) {
                             EXPECT_EQ(current_number(), self->number);
                             if (!error) self->write(n);
                           });
  }
  void write(std::size_t n) {
    asio::async_write(socket, asio::buffer(bytes, n),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        EXPECT_FALSE(error);
                        EXPECT_EQ(current_number(), self->number);
                        self->read();
                      });
  }

  tcp::socket socket;
  std::array<char, 32> bytes{};
  int number = 0;
};

struct Listener {
  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      EXPECT_FALSE(error);
      EXPECT_EQ(current_number(), 0);
      std::make_shared<Session>(std::move(socket))->start();
      EXPECT_EQ(current_number(), 0);
      if (++accepted != kClients) accept();
    });
  }

  tcp::acceptor acceptor;
  int accepted = 0;
};

struct Client : std::enable_shared_from_this<Client> {
  Client(asio::io_context& io, int n, std::atomic<int>& a) : socket(io), number(n), answers(a) {}

  void start(tcp::endpoint server) {
    socket.async_connect(server, [self = shared_from_this()](error_code error) {
      EXPECT_FALSE(error);
      EXPECT_EQ(current_number(), -self->number);
      self->ask();
    });
  }
  void ask() {
    asio::async_write(
        socket, asio::buffer(message), [self = shared_from_this()](error_code, std::size_t) {
          EXPECT_EQ(current_number(), -self->number);
          asio::async_read(self->socket, asio::buffer(self->bytes, self->message.size()),
                           [self](error_code error, std::size_t) {
                             EXPECT_FALSE(error);
                             EXPECT_EQ(current_number(), -self->number);
                             ++self->answers;
                             if (--self->left != 0) self->ask();
                           });
        });
  }

  tcp::socket socket;
  const int number;
  std::atomic<int>& answers;
  int left = kMessages;
  const std::string message = std::to_string(number);
  std::array<char, 32> bytes{};
};

TEST_P(Io, CallbacksOnSockets) {
  std::atomic<int> answers{0};
  Listener listener{tcp::acceptor(io_, any_port())};
  listener.accept();
  for (int i = 1; i <= kClients; ++i) {
    const Scope scope{numbered(-i)};
    std::make_shared<Client>(io_, i, answers)->start(listener.acceptor.local_endpoint());
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(answers, kClients * kMessages);
}

TEST_P(Io, ResolversWhichWorkOnAThreadOfTheirOwn) {
  std::atomic<int> done{0};
  tcp::resolver resolver(io_);
  for (int i = 1; i <= 100; ++i) {
    const Scope scope{numbered(i)};
    resolver.async_resolve(
        "127.0.0.1", "80", tcp::resolver::numeric_host | tcp::resolver::numeric_service,
        [i, &done](error_code error, const tcp::resolver::results_type& results) {
          EXPECT_FALSE(error);
          EXPECT_EQ(results.size(), 1U);
          EXPECT_EQ(current_number(), i);
          ++done;
        });
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 100);
}

TEST_P(Io, Signals) {
  std::atomic<int> done{0};
  asio::signal_set first(io_, SIGUSR1);
  asio::signal_set second(io_, SIGUSR1);
  {
    const Scope scope{numbered(1)};
    first.async_wait([&done](error_code, int) {
      EXPECT_EQ(current_number(), 1);
      ++done;
    });
  }
  {
    const Scope scope{numbered(2)};
    second.async_wait([&done](error_code, int) {
      EXPECT_EQ(current_number(), 2);
      ++done;
    });
  }
  {
    const Scope scope{numbered(3)};
    std::raise(SIGUSR1);
  }
  run_on_threads(io_, GetParam());
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace waybill::tracking
