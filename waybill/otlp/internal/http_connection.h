// HttpConnection: posts requests to one URL with libcurl, over one connection that is kept open
// between them.
//
// The response is input from outside: 64 KiB of its body and of its header are read at most, and
// redirects are not followed.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include <waybill/otlp/internal/signal_options.h>

namespace waybill::internal {

struct HttpResponse {
  long status = 0;    // 0: there is none
  std::string error;  // then why
  std::string body;   // empty also where it was too large
  std::optional<std::chrono::nanoseconds> retry_after;
};

class HttpConnection {
 public:
  // Throws Error where libcurl cannot do what is wanted of it.
  explicit HttpConnection(const SignalOptions& options);
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;
  ~HttpConnection();

  // Waits for the response, no longer than the time-out. The response is good until the next call.
  const HttpResponse& post(std::string_view body, curl_slist* headers);

  // post() returns at once, this time and from now on, and leaves libcurl as it is: the process may
  // be ending. Thread-safe.
  void abort() noexcept;

  // In the child of a fork: to close the connection in an orderly way would say goodbye in the
  // parent's name. The object is then not to be used or destroyed.
  void abandon() noexcept;

 private:
  template <class Value>
  void set(CURLoption option, Value value);
  void set_callbacks();
  void set_tls(const SignalOptions& options);
  CURLcode perform() noexcept;

  static std::size_t take_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t take_header(char* data, std::size_t size, std::size_t count, void* self);
  static curl_socket_t open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int close_socket(void* self, curl_socket_t socket);

  std::string url_;
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  bool body_is_too_large_ = false;
  char error_[CURL_ERROR_SIZE] = {};
  std::atomic<bool> aborted_ = false;
  // The open ones, plus one; 0: a free place. One connection may have some while it is made.
  std::array<std::atomic<curl_socket_t>, 8> sockets_ = {};
};

}  // namespace waybill::internal
