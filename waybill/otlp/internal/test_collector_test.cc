// What TestCollector does; here, so that only test programs have it.
#include <algorithm>
#include <cstdlib>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <waybill/otlp/internal/test_collector.h>

namespace waybill::internal {
namespace {

void require(bool condition, const char* what) {
  if (!condition) throw std::runtime_error(std::string("TestCollector: ") + what);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return 'A' <= c && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

}  // namespace

// One connection's bytes, in the clear or not.
class TestCollector::Connection {
 public:
  Connection(int socket, SSL_CTX* tls) : socket_(socket) {
    if (tls == nullptr) return;
    ssl_.reset(SSL_new(tls));
    SSL_set_fd(ssl_.get(), socket);
    is_open_ = SSL_accept(ssl_.get()) == 1;
  }
  bool is_open() const noexcept { return is_open_; }

  bool read_until(const std::string& mark, std::string& out) {
    for (;;) {
      const auto found = buffer_.find(mark);
      if (found != std::string::npos) {
        out = buffer_.substr(0, found + mark.size());
        buffer_.erase(0, found + mark.size());
        return true;
      }
      if (!fill()) return false;
    }
  }
  bool read_bytes(std::size_t count, std::string& out) {
    while (buffer_.size() < count) {
      if (!fill()) return false;
    }
    out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return true;
  }
  void write(const std::string& bytes) {
    for (std::size_t sent = 0; sent < bytes.size();) {
      const auto left = bytes.size() - sent;
      const auto now = ssl_ ? SSL_write(ssl_.get(), bytes.data() + sent, static_cast<int>(left))
                            : ::send(socket_, bytes.data() + sent, left, MSG_NOSIGNAL);
      if (now <= 0) return;
      sent += static_cast<std::size_t>(now);
    }
  }

 private:
  bool fill() {
    char part[65536];
    const auto got =
        ssl_ ? SSL_read(ssl_.get(), part, sizeof part) : ::recv(socket_, part, sizeof part, 0);
    if (got <= 0) return false;
    buffer_.append(part, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  bool is_open_ = true;
  std::string buffer_;
};

TestCollector::TestCollector(std::uint16_t port, const TestTls* tls) {
  if (tls != nullptr) {
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    require(SSL_CTX_use_certificate_chain_file(tls_.get(), tls->certificate_file.c_str()) == 1,
            "certificate");
    require(SSL_CTX_use_PrivateKey_file(tls_.get(), tls->key_file.c_str(), SSL_FILETYPE_PEM) == 1,
            "key");
    if (!tls->client_ca_file.empty()) {
      SSL_CTX_load_verify_locations(tls_.get(), tls->client_ca_file.c_str(), nullptr);
      SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
  }
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  require(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "bind");
  require(::listen(listener_, 64) == 0, "listen");
  require(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0, "name");
  port_ = ntohs(address.sin_port);
  // A thread that is just starting holds a lock of AddressSanitizer's allocator, which the child of
  // a fork in that moment would find locked.
  acceptor_ = std::thread([this] { accept(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return accepting_; });
}

TestCollector::~TestCollector() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  changed_.notify_all();
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
  ::close(listener_);
  for (const int socket : sockets_) ::close(socket);
}

void TestCollector::accept() {
  {
    const std::lock_guard lock(mutex_);
    accepting_ = true;
  }
  changed_.notify_all();
  for (;;) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (stopped_ || socket < 0) {
      if (socket >= 0) ::close(socket);
      return;
    }
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void TestCollector::serve(int socket) {
  Connection connection(socket, tls_.get());
  std::string head;
  while (connection.is_open() && connection.read_until("\r\n\r\n", head)) {
    Request request;
    request.method = head.substr(0, head.find(' '));
    const auto path = request.method.size() + 1;
    request.path = head.substr(path, head.find(' ', path) - path);
    for (auto line = head.find("\r\n") + 2; line + 2 < head.size();) {
      const auto end = head.find("\r\n", line);
      const auto colon = head.find(':', line);
      const auto value = head.find_first_not_of(' ', colon + 1);
      request.headers[lower(head.substr(line, colon - line))] =
          head.substr(value, std::max(end, value) - value);
      line = end + 2;
    }
    const auto length = request.headers.find("content-length");
    const std::size_t size = length == request.headers.end() ? 0 : std::stoul(length->second);
    if (!connection.read_bytes(size, request.body)) break;
    const Reply reply = take(std::move(request));
    if (reply.kind == Reply::Kind::kHangUp) break;
    if (reply.kind == Reply::Kind::kNever) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopped_; });
      break;
    }
    connection.write("HTTP/1.1 " + std::to_string(reply.status) + " Status\r\n" + reply.headers +
                     "Content-Length: " + std::to_string(reply.body.size()) + "\r\n\r\n" +
                     reply.body);
  }
  ::shutdown(socket, SHUT_RDWR);
}

TestCollector::Reply TestCollector::take(Request request) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(std::move(request));
  Reply reply;
  if (!replies_.empty()) {
    reply = std::move(replies_.front());
    replies_.pop_front();
  }
  changed_.notify_all();
  return reply;
}

void TestCollector::reply(Reply reply) {
  const std::lock_guard lock(mutex_);
  replies_.push_back(std::move(reply));
}

bool TestCollector::wait_for_requests(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_until(lock, std::chrono::system_clock::now() + std::chrono::seconds(30),
                             [&] { return requests_.size() >= count; });
}

std::vector<TestCollector::Request> TestCollector::requests() {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t TestCollector::connections() {
  const std::lock_guard lock(mutex_);
  return sockets_.size();
}

}  // namespace waybill::internal
