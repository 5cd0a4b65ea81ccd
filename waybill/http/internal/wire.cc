#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <waybill/http/internal/wire.h>

namespace waybill::http::internal {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kReadSize = 16 * 1024;
constexpr std::size_t kMaxLingerBytes = 1024 * 1024;
constexpr std::chrono::milliseconds kLingerTime{1'000};

}  // namespace

Wire::Wire(asio::ip::tcp::socket socket, std::size_t max_buffered)
    : socket_(std::move(socket)), deadline_(socket_.get_executor()), buffer_(max_buffered) {
  error_code ignored;
  // Whole messages are written at once: waiting for more of them only adds delay.
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

asio::awaitable<bool> Wire::fill() {
  if (expired_ || full()) co_return false;
  const std::size_t room = std::min(buffer_.max_size() - buffer_.size(), kReadSize);
  error_code error;
  const std::size_t size = co_await socket_.async_read_some(
      buffer_.prepare(room), asio::redirect_error(asio::use_awaitable, error));
  buffer_.commit(size);
  co_return size != 0;
}

asio::awaitable<bool> Wire::write(std::string_view first, std::string_view second) {
  while (!first.empty() || !second.empty()) {
    if (expired_) co_return false;
    const std::array<asio::const_buffer, 2> rest{asio::buffer(first), asio::buffer(second)};
    error_code error;
    const std::size_t size =
        co_await socket_.async_write_some(rest, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return false;
    const std::size_t of_first = std::min(size, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(size - of_first);
  }
  co_return true;
}

void Wire::expires_after(std::chrono::milliseconds limit) {
  expired_ = false;
  deadline_.expires_after(limit);
  const std::uint64_t number = ++deadline_number_;
  deadline_.async_wait([weak = weak_from_this(), number](const error_code& error) {
    const std::shared_ptr<Wire> self = weak.lock();
    // A wait that was over before the deadline was replaced says nothing about the new one.
    if (error || !self || self->deadline_number_ != number) return;
    self->expired_ = true;
    error_code ignored;
    self->socket_.cancel(ignored);
  });
}

void Wire::expires_never() {
  expired_ = false;
  ++deadline_number_;
  deadline_.cancel();
}

asio::awaitable<void> Wire::linger() {
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  expires_after(kLingerTime);
  std::size_t dropped = 0;
  buffer_.clear();
  while (!error && dropped < kMaxLingerBytes && co_await fill()) {
    dropped += buffer_.size();
    buffer_.clear();
  }
  close();
}

void Wire::close() noexcept {
  expires_never();
  error_code ignored;
  socket_.close(ignored);
}

bool Wire::quiet() {
  char byte = 0;
  error_code error;
  socket_.non_blocking(true, error);
  if (!error) socket_.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, error);
  return error == asio::error::would_block && buffer_.size() == 0;
}

std::string_view Wire::buffered() const noexcept {
  return {static_cast<const char*>(buffer_.cdata().data()), buffer_.size()};
}

}  // namespace waybill::http::internal
