// Wire: a connected socket, the bytes read from it that nobody has used yet, and a deadline.
//
// All calls, and the executor's work, must be on one strand. Owned by a shared_ptr, as the
// deadline's timer refers to it weakly.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

namespace waybill::http::internal {

class Wire : public std::enable_shared_from_this<Wire> {
 public:
  // Holds at most `max_buffered` unused bytes.
  Wire(boost::asio::ip::tcp::socket socket, std::size_t max_buffered);

  // Reads some more bytes behind those in the buffer. False when there are none to come: end of
  // the stream, an error, the deadline passed, or the buffer is full.
  boost::asio::awaitable<bool> fill();

  // Writes both, one after the other. False on an error or when the deadline passed.
  boost::asio::awaitable<bool> write(std::string_view first, std::string_view second);

  // From now on; replaces the deadline that was. When it passes, what is being read or written
  // ends, and everything after it fails at once.
  void expires_after(std::chrono::milliseconds limit);
  void expires_never();
  bool expired() const noexcept { return expired_; }

  // Says that nothing more will be sent, and reads and drops what still arrives, within bounds,
  // until the peer closes too: closing at once would take the last response away from a peer that
  // is still sending (RFC 9112 section 9.6).
  boost::asio::awaitable<void> linger();
  void close() noexcept;

  // Whether an unused connection can be used again: the peer neither closed it nor sent anything.
  bool quiet();

  boost::beast::flat_buffer& buffer() noexcept { return buffer_; }
  std::string_view buffered() const noexcept;
  bool full() const noexcept { return buffer_.size() >= buffer_.max_size(); }
  boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

 private:
  boost::asio::ip::tcp::socket socket_;
  boost::asio::steady_timer deadline_;
  std::uint64_t deadline_number_ = 0;
  bool expired_ = false;
  boost::beast::flat_buffer buffer_;
};

}  // namespace waybill::http::internal
