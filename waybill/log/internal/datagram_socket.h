// DatagramSocket: sends datagrams to one address, over a Unix socket or UDP, and goes on doing so
// when the receiver has been started anew. Used by one thread at a time.
//
//   DatagramSocket socket = DatagramSocket::to_path("path", "/dev/log");
//   socket.send("<14>…");
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/socket.h>

#include <waybill/log/internal/bounded_wait.h>
#include <waybill/log/internal/descriptor.h>

namespace waybill::internal {

class DatagramSocket {
 public:
  // Both are connected when they return. Throw Error, which names the option, for an address that
  // there is not; for a Unix socket also when nobody receives there.
  static DatagramSocket to_path(std::string_view option, const std::string& path);
  static DatagramSocket to_host(std::string_view option, const std::string& host,
                                std::uint16_t port);

  // Does not wait for long: see BoundedWait. No signal is raised. EMSGSIZE: the datagram is larger
  // than can be sent this way.
  std::error_code send(std::string_view datagram) noexcept;

  // An empty datagram, and the descriptor with it. Unix sockets only.
  std::error_code send_descriptor(int descriptor) noexcept;

  // How much may be on its way; the system's limit holds.
  void set_send_buffer(int bytes) noexcept;

 private:
  std::error_code connect() noexcept;
  std::error_code send_message(const msghdr& message) noexcept;

  sockaddr_storage address_ = {};
  socklen_t address_size_ = 0;
  int send_buffer_ = 0;  // 0: the system's default
  Descriptor socket_;
  BoundedWait wait_;
};

}  // namespace waybill::internal
