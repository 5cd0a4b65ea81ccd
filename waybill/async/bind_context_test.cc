#include <array>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <waybill/async/bind_context.h>
#include <waybill/async/internal/asio_test.h>
#include <waybill/core/scope.h>

namespace waybill {
namespace {

using asio::ip::tcp;
using boost::system::error_code;
using internal::Counted;
using internal::counted;
using internal::current_name;
using internal::run_on_threads;
using BindContextTest = internal::AsioTest;

TEST_F(BindContextTest, RunsAHandlerUnderTheContextInWhichItWasBound) {
  asio::io_context io;
  asio::steady_timer timer(io, std::chrono::seconds(0));
  std::string seen;
  {
    const Scope scope{counted("a")};
    timer.async_wait(bind_context([&](error_code) { seen += current_name() + " "; }));
    asio::post(io, bind_context([&] { seen += current_name() + " "; }));
    asio::post(io, bind_context(counted("given"), [&] { seen += current_name() + " "; }));
  }
  const Scope scope{counted("runner")};
  io.run();
  EXPECT_EQ(seen, "a given a ");
  EXPECT_EQ(current_name(), "runner");
}

TEST_F(BindContextTest, KeepsWhatIsAssociatedWithTheHandler) {
  asio::io_context io;
  auto strand = asio::make_strand(io);
  asio::cancellation_signal signal;
  const asio::recycling_allocator<int> allocator;
  auto handler = bind_context(asio::bind_cancellation_slot(
      signal.slot(), asio::bind_allocator(allocator, asio::bind_executor(strand, [] {}))));
  EXPECT_TRUE(asio::get_associated_executor(handler) == strand);
  EXPECT_TRUE(asio::get_associated_executor(handler, io.get_executor()) == strand);
  EXPECT_TRUE(asio::get_associated_cancellation_slot(handler) == signal.slot());
  static_assert(std::is_same_v<asio::associated_allocator_t<decltype(handler)>,
                               asio::recycling_allocator<int>>);
  const auto plain = bind_context([] {});
  EXPECT_TRUE(asio::get_associated_executor(plain, io.get_executor()) == io.get_executor());
}

TEST_F(BindContextTest, CanBeCancelled) {
  asio::io_context io;
  asio::steady_timer timer(io, std::chrono::hours(1));
  asio::cancellation_signal signal;
  std::string seen;
  {
    const Scope scope{counted("waiter")};
    timer.async_wait(bind_context(asio::bind_cancellation_slot(signal.slot(), [&](error_code e) {
      if (e == asio::error::operation_aborted) seen = current_name();
    })));
  }
  signal.emit(asio::cancellation_type::all);
  io.run();
  EXPECT_EQ(seen, "waiter");
}

TEST_F(BindContextTest, TakesCompletionTokens) {
  asio::io_context io;
  asio::steady_timer timer(io, std::chrono::seconds(0));
  std::future<std::string> looked_at;
  std::string seen;
  {
    const Scope scope{counted("a")};
    looked_at = asio::post(io, bind_context(asio::use_future([] { return current_name(); })));
    auto wait = timer.async_wait(bind_context(asio::deferred));
    std::move(wait)([&](error_code) { seen = current_name(); });
  }
  io.run();
  EXPECT_EQ(looked_at.get(), "a");
  EXPECT_EQ(seen, "a");
}

TEST_F(BindContextTest, TakesHandlersThatCanOnlyBeMovedAndDestroysThemUnderTheirContext) {
  asio::io_context io;
  std::string seen;
  struct Session {
    ~Session() { seen = current_name(); }
    std::string& seen;
  };
  {
    const Scope scope{counted("session")};
    asio::post(io, bind_context([session = std::make_unique<Session>(seen)] {}));
  }
  io.run();
  EXPECT_EQ(seen, "session");
}

// One exchange of bytes over a socket: a chain of handlers, each bound where it is made.
class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  Exchange(tcp::socket socket, std::string name, std::atomic<int>& wrong)
      : socket_(std::move(socket)), name_(std::move(name)), wrong_(wrong) {}

  void run(int rounds) {
    if (rounds == 0) return;
    asio::async_write(socket_, asio::buffer(bytes_),
                      bind_context([self = shared_from_this(), rounds](error_code, std::size_t) {
                        self->check();
                        self->read(rounds);
                      }));
  }

 private:
  void read(int rounds) {
    asio::async_read(socket_, asio::buffer(bytes_),
                     bind_context([self = shared_from_this(), rounds](error_code, std::size_t) {
                       self->check();
                       self->run(rounds - 1);
                     }));
  }
  void check() const { wrong_ += current_name() != name_; }

  tcp::socket socket_;
  const std::string name_;
  std::atomic<int>& wrong_;
  std::array<char, 64> bytes_{};
};

TEST_F(BindContextTest, KeepsConnectionsApart) {
  asio::io_context io;
  std::atomic<int> wrong{0};
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  for (int i = 0; i < 50; ++i) {
    tcp::socket client(io);
    client.connect(acceptor.local_endpoint());
    tcp::socket server = acceptor.accept();
    for (tcp::socket* end : {&client, &server}) {
      const std::string name = "end-" + std::to_string(i) + (end == &client ? "c" : "s");
      const Scope scope{counted(name)};
      std::make_shared<Exchange>(std::move(*end), name, wrong)->run(20);
    }
  }
  run_on_threads(io, 4);
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace waybill
