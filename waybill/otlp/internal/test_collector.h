// TestCollector: an HTTP/1.1 server on a free port of 127.0.0.1, for tests. It keeps what it was
// sent, and answers as it was told to, request by request; else with 200 and nothing.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

namespace waybill::internal {

struct TestTls {
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file = {};  // set: clients have to show a certificate of this one
};

class TestCollector {
 public:
  struct Request {
    std::string method;
    std::string path;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
  };
  struct Reply {
    enum class Kind { kAnswer, kHangUp, kNever } kind = Kind::kAnswer;
    int status = 200;
    std::string headers = {};  // whole lines
    std::string body = {};
  };

  explicit TestCollector(std::uint16_t port = 0, const TestTls* tls = nullptr);
  TestCollector(const TestCollector&) = delete;
  TestCollector& operator=(const TestCollector&) = delete;
  ~TestCollector();

  std::uint16_t port() const noexcept { return port_; }
  std::string url(const std::string& path = "/v1/traces") const {
    return (tls_ == nullptr ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(port_) +
           path;
  }

  // For the next request that has none yet.
  void reply(Reply reply);

  // Waits until so many have come in all, half a minute at most.
  bool wait_for_requests(std::size_t count);
  std::vector<Request> requests();
  std::size_t connections();

 private:
  class Connection;

  void accept();
  void serve(int socket);
  Reply take(Request request);

  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_{nullptr, SSL_CTX_free};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Reply> replies_;
  std::vector<Request> requests_;
  std::vector<int> sockets_;
  bool accepting_ = false;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace waybill::internal
