// RawServer, for tests: answers each request with the bytes it was told to, valid or not.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace waybill::http::internal {

class RawServer {
 public:
  // The answers of one connection, one for each head that arrives; then the connection is closed.
  using Answers = std::vector<std::string>;

  // One connection after the other.
  explicit RawServer(std::vector<Answers> connections)
      : listening_(::socket(AF_INET, SOCK_STREAM, 0)), connections_(std::move(connections)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listening_, 8);
    socklen_t size = sizeof address;
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;
  ~RawServer() {
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
  }

  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  // All that was received, once the connections are over.
  const std::string& received() {
    while (!finished_) std::this_thread::yield();
    return received_;
  }

 private:
  void serve() {
    for (const Answers& answers : connections_) {
      const int connection = ::accept(listening_, nullptr, nullptr);
      if (connection < 0) break;
      for (const std::string& answer : answers) {
        if (!receive_head(connection)) break;
        ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
      }
      ::close(connection);
    }
    finished_ = true;
  }

  bool receive_head(int connection) {
    std::string head;
    while (head.find("\r\n\r\n") == std::string::npos) {
      char bytes[4096];
      const ssize_t size = ::recv(connection, bytes, sizeof bytes, 0);
      if (size <= 0) return false;
      head.append(bytes, static_cast<std::size_t>(size));
    }
    received_ += head;
    return true;
  }

  int listening_;
  std::uint16_t port_ = 0;
  std::vector<Answers> connections_;
  std::string received_;
  std::atomic<bool> finished_{false};
  std::thread thread_;
};

}  // namespace waybill::http::internal
