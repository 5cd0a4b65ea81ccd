#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <sys/un.h>

#include <waybill/core/error.h>
#include <waybill/log/internal/datagram_socket.h>

namespace waybill::internal {
namespace {

std::error_code last_error() noexcept {
  return {errno, std::generic_category()};
}

// The receiver has gone; there may be another one under the same address.
bool is_disconnected(int error) noexcept {
  return error == ECONNREFUSED || error == ENOTCONN || error == ECONNRESET ||
         error == EDESTADDRREQ || error == EPIPE;
}

}  // namespace

DatagramSocket DatagramSocket::to_path(std::string_view option, const std::string& path) {
  DatagramSocket made;
  auto& address = reinterpret_cast<sockaddr_un&>(made.address_);
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    throw Error::bad_option(option, path, "the path of a socket, 1 to 107 bytes");
  }
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  made.address_size_ = sizeof address;
  if (const std::error_code error = made.connect()) {
    throw Error("cannot reach '" + path + "': " + error.message());
  }
  return made;
}

DatagramSocket DatagramSocket::to_host(std::string_view option, const std::string& host,
                                       std::uint16_t port) {
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  if (const int error =
          ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found)) {
    throw Error::bad_option(option, host,
                            std::string("a host's name or address (") + gai_strerror(error) + ")");
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(found, ::freeaddrinfo);
  std::error_code error;
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    DatagramSocket made;
    std::memcpy(&made.address_, each->ai_addr, each->ai_addrlen);
    made.address_size_ = each->ai_addrlen;
    error = made.connect();
    if (!error) return made;
  }
  throw Error("cannot reach '" + host + "': " + error.message());
}

std::error_code DatagramSocket::connect() noexcept {
  socket_ = Descriptor(::socket(address_.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket_.is_open()) return last_error();
  if (send_buffer_ != 0) set_send_buffer(send_buffer_);
  const auto* address = reinterpret_cast<const sockaddr*>(&address_);
  if (::connect(socket_.get(), address, address_size_) == 0) return {};
  const std::error_code error = last_error();
  socket_ = Descriptor();
  return error;
}

void DatagramSocket::set_send_buffer(int bytes) noexcept {
  send_buffer_ = bytes;
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

std::error_code DatagramSocket::send(std::string_view datagram) noexcept {
  iovec part = {const_cast<char*>(datagram.data()), datagram.size()};
  msghdr message = {};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  return send_message(message);
}

std::error_code DatagramSocket::send_descriptor(int descriptor) noexcept {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof descriptor)] = {};
  msghdr message = {};
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  return send_message(message);
}

std::error_code DatagramSocket::send_message(const msghdr& message) noexcept {
  bool has_reconnected = false;
  bool has_waited = false;
  while (true) {
    if (!socket_.is_open()) {
      if (const std::error_code error = connect()) return error;
      has_reconnected = true;
    }
    if (::sendmsg(socket_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
      wait_.has_written();
      return {};
    }
    const std::error_code error = last_error();
    if (error == std::errc::interrupted) continue;
    if (error == std::errc::resource_unavailable_try_again && !has_waited &&
        wait_.until_writable(socket_.get())) {
      has_waited = true;
      continue;
    }
    if (!is_disconnected(error.value())) return error;
    socket_ = Descriptor();
    if (has_reconnected) return error;
  }
}

}  // namespace waybill::internal
