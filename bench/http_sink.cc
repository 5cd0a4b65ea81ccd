#include "bench/http_sink.h"

#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {
namespace {

constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::size_t content_length(std::string_view head) {
  for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
    if (const std::size_t at = head.find(name); at != std::string_view::npos) {
      return std::strtoul(head.data() + at + name.size(), nullptr, 10);
    }
  }
  return 0;
}

void serve(int connection) {
  static thread_local char buffer[256 * 1024];
  std::string head;
  for (;;) {
    head.clear();
    std::size_t end = std::string::npos;
    while (end == std::string::npos) {
      const ssize_t got = read(connection, buffer, sizeof buffer);
      if (got <= 0) return;
      head.append(buffer, static_cast<std::size_t>(got));
      end = head.find("\r\n\r\n");
    }
    std::size_t missing = content_length(head) + end + 4;
    missing -= head.size() < missing ? head.size() : missing;
    while (missing != 0) {
      const ssize_t got = read(connection, buffer, sizeof buffer);
      if (got <= 0) return;
      missing -= static_cast<std::size_t>(got) < missing ? static_cast<std::size_t>(got) : missing;
    }
    if (write(connection, kAnswer.data(), kAnswer.size()) < 0) return;
  }
}

[[noreturn]] void serve_all(int listener) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (;;) {
    const int connection = accept(listener, nullptr, nullptr);
    if (connection < 0) _exit(0);
    std::thread([connection] {
      serve(connection);
      close(connection);
    }).detach();
  }
}

}  // namespace

HttpSink::HttpSink() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener, plain, size) != 0 || listen(listener, 16) != 0 ||
      getsockname(listener, plain, &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  process_ = fork();
  if (process_ == 0) serve_all(listener);
  close(listener);
}

HttpSink::~HttpSink() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

}  // namespace bench
