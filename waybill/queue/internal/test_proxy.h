// TestProxy: stands between a queue and its server, and loses answers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace waybill::queue::internal {

class TestProxy {
 public:
  explicit TestProxy(std::uint16_t server_port) : server_port_(server_port) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    if (bind(listener_, plain, size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, plain, &size) != 0) {
      throw std::runtime_error("no proxy");
    }
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  TestProxy(const TestProxy&) = delete;
  TestProxy& operator=(const TestProxy&) = delete;
  ~TestProxy() {
    stop_ = true;
    acceptor_.join();
    for (std::thread& thread : threads_) thread.join();
    close(listener_);
  }

  std::uint16_t port() const noexcept { return port_; }
  // The next answer to anybody is lost, and the connection with it. What was asked for is done.
  void lose_an_answer() { losses_ = 1; }
  bool has_lost_it() const noexcept { return losses_ == 0; }

 private:
  static constexpr int kTick = 20;  // ms

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }
  static bool readable(int socket) {
    pollfd entry{.fd = socket, .events = POLLIN, .revents = 0};
    return poll(&entry, 1, kTick) > 0;
  }

  void accept_all() {
    while (!stop_) {
      if (!readable(listener_)) continue;
      const int client = accept(listener_, nullptr, nullptr);
      threads_.emplace_back([this, client] { serve(client); });
    }
  }

  void serve(int client) {
    const int server = socket(AF_INET, SOCK_STREAM, 0);
    const sockaddr_in address = loopback(server_port_);
    bool goes_on =
        connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    while (goes_on && !stop_) {
      std::array<pollfd, 2> sockets{{{.fd = client, .events = POLLIN, .revents = 0},
                                     {.fd = server, .events = POLLIN, .revents = 0}}};
      if (poll(sockets.data(), sockets.size(), kTick) <= 0) continue;
      if (sockets[0].revents != 0) goes_on = pass(client, server);
      if (goes_on && sockets[1].revents != 0) {
        int one = 1;
        goes_on = !losses_.compare_exchange_strong(one, 0) && pass(server, client);
      }
    }
    close(client);
    close(server);
  }

  static bool pass(int from, int to) {
    std::array<char, 65536> buffer;
    const ssize_t size = recv(from, buffer.data(), buffer.size(), 0);
    ssize_t done = 0;
    while (done < size) {
      const ssize_t sent =
          send(to, buffer.data() + done, static_cast<std::size_t>(size - done), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      done += sent;
    }
    return size > 0;
  }

  const std::uint16_t server_port_;
  const int listener_ = socket(AF_INET, SOCK_STREAM, 0);
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<int> losses_ = 0;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace waybill::queue::internal
