// RawSocket, for tests: a blocking client that sends whatever bytes it is told to, valid or not.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <waybill/http/message.h>

namespace waybill::http::internal {

class RawSocket {
 public:
  explicit RawSocket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;
  ~RawSocket() { ::close(socket_); }

  bool connected() const { return connected_; }

  RawSocket& send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (size <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
    return *this;
  }
  void end() { ::shutdown(socket_, SHUT_WR); }

  // The next response; empty when the connection ends before it is complete. Its length must be
  // given by Content-Length, or none be expected.
  std::optional<Response> receive(bool with_body = true) {
    while (unread_.find("\r\n\r\n") == std::string::npos) {
      if (!receive_more()) return std::nullopt;
    }
    const std::size_t head_end = unread_.find("\r\n\r\n");
    Response response = parse_head(unread_.substr(0, head_end));
    unread_.erase(0, head_end + 4);
    const std::string length(response.header("Content-Length").value_or("0"));
    const std::size_t size = with_body ? std::strtoul(length.c_str(), nullptr, 10) : 0;
    while (unread_.size() < size) {
      if (!receive_more()) return std::nullopt;
    }
    response.body = unread_.substr(0, size);
    unread_.erase(0, size);
    return response;
  }

  // Whether the peer ends the connection without sending anything more.
  bool closed() { return unread_.empty() && !receive_more() && !timed_out_; }

 private:
  bool receive_more() {
    char bytes[16 * 1024];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    timed_out_ = size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (size <= 0) return false;
    unread_.append(bytes, static_cast<std::size_t>(size));
    return true;
  }

  static Response parse_head(std::string_view head) {
    Response response;
    response.status = std::atoi(std::string(head.substr(9, 3)).c_str());
    while (true) {
      const std::size_t line_end = head.find("\r\n");
      if (line_end == std::string_view::npos) return response;
      head.remove_prefix(line_end + 2);
      const std::string_view line = head.substr(0, head.find("\r\n"));
      const std::size_t colon = line.find(':');
      response.headers.add(line.substr(0, colon), line.substr(colon + 1));
    }
  }

  int socket_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string unread_;
};

}  // namespace waybill::http::internal
