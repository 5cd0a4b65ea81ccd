// The other end of a datagram socket, for tests.
#pragma once

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <waybill/log/internal/descriptor.h>

namespace waybill::internal {

class DatagramReceiver {
 public:
  // At a path; what was there before is removed.
  explicit DatagramReceiver(const std::string& path)
      : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    ::unlink(path.c_str());
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  // At a free UDP port of 127.0.0.1.
  DatagramReceiver() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }

  std::uint16_t port() const {
    sockaddr_in address = {};
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
    return ntohs(address.sin_port);
  }

  struct Datagram {
    std::string text;
    Descriptor descriptor;  // that came with it
  };

  // What has arrived; waits for it up to ten seconds.
  Datagram receive() const {
    const timeval longest = {.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    Datagram datagram;
    datagram.text.resize(1'000'000);
    iovec part = {datagram.text.data(), datagram.text.size()};
    alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
    msghdr message = {};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    const ssize_t size = ::recvmsg(socket_.get(), &message, MSG_CMSG_CLOEXEC);
    EXPECT_GE(size, 0) << std::strerror(errno);
    datagram.text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    if (const cmsghdr* rights = CMSG_FIRSTHDR(&message)) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(rights), sizeof descriptor);
      datagram.descriptor = Descriptor(descriptor);
    }
    return datagram;
  }

 private:
  Descriptor socket_;
};

}  // namespace waybill::internal
