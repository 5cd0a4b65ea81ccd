#include <algorithm>
#include <new>

#include <sys/socket.h>
#include <unistd.h>

#include <waybill/core/ascii.h>
#include <waybill/core/error.h>
#include <waybill/otlp/internal/http_connection.h>
#include <waybill/otlp/internal/retry.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kMostResponse = std::size_t{64} << 10;

// So that a request of a thousand spans is one call of the kernel. Pages are touched only as far as
// requests are long.
constexpr long kUploadBuffer = 1L << 20;

// Once in the process. libcurl's own clean-up at the end is left out: others may use it, too.
void initialize_curl() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (result != CURLE_OK) {
    throw Error(std::string("libcurl cannot be used: ") + curl_easy_strerror(result));
  }
}

CURLM* new_multi() {
  initialize_curl();
  return curl_multi_init();
}

}  // namespace

template <class Value>
void HttpConnection::set(CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
  if (code == CURLE_OK) return;
  throw Error("libcurl cannot send to '" + url_ + "': " + curl_easy_strerror(code));
}

HttpConnection::HttpConnection(const SignalOptions& options)
    : url_(options.url),
      multi_(new_multi(), curl_multi_cleanup),
      easy_(curl_easy_init(), curl_easy_cleanup) {
  if (multi_ == nullptr || easy_ == nullptr) throw std::bad_alloc();
  set(CURLOPT_URL, url_.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_USERAGENT, "OTel-OTLP-Exporter-Waybill/0.1.0");
  set(CURLOPT_POST, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
  set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBuffer);
  set(CURLOPT_QUICK_EXIT, 1L);  // no waiting for a name that is being resolved
  if (options.is_loopback) set(CURLOPT_PROXY, "");
  set_callbacks();
  if (options.use_tls) set_tls(options);
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::set_callbacks() {
  set(CURLOPT_WRITEFUNCTION, &HttpConnection::take_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &HttpConnection::take_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_OPENSOCKETFUNCTION, &HttpConnection::open_socket);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_CLOSESOCKETFUNCTION, &HttpConnection::close_socket);
  set(CURLOPT_CLOSESOCKETDATA, static_cast<void*>(this));
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_));
}

void HttpConnection::set_tls(const SignalOptions& options) {
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) {
    set(CURLOPT_CAINFO, options.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // that one alone is trusted
  }
  if (!options.client_certificate_file.empty()) {
    set(CURLOPT_SSLCERT, options.client_certificate_file.c_str());
    set(CURLOPT_SSLKEY, options.client_key_file.c_str());
  }
}

const HttpResponse& HttpConnection::post(std::string_view body, curl_slist* headers) {
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set(CURLOPT_POSTFIELDS, body.data());  // not a copy
  set(CURLOPT_HTTPHEADER, headers);
  response_.status = 0;
  response_.error.clear();
  response_.body.clear();
  response_.retry_after.reset();
  header_bytes_ = 0;
  body_is_too_large_ = false;
  error_[0] = '\0';
  const CURLcode code = perform();
  // Of a response that is too large, the status is known all the same.
  if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && body_is_too_large_)) {
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &response_.status);
  } else {
    response_.error = error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  }
  if (body_is_too_large_) response_.body.clear();
  return response_;
}

// As curl_easy_perform() does it, but so that it can be woken up.
CURLcode HttpConnection::perform() noexcept {
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  CURLcode result = CURLE_OUT_OF_MEMORY;
  int running = 1;
  while (running != 0) {
    if (aborted_.load(std::memory_order_acquire)) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) break;
    if (running != 0) curl_multi_poll(multi_.get(), nullptr, 0, 60'000, nullptr);
  }
  int left = 0;
  if (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    result = message->data.result;
  }
  curl_multi_remove_handle(multi_.get(), easy_.get());
  return result;
}

void HttpConnection::abort() noexcept {
  aborted_.store(true, std::memory_order_release);
  curl_multi_wakeup(multi_.get());
}

void HttpConnection::abandon() noexcept {
  for (auto& place : sockets_) {
    const curl_socket_t socket = place.load(std::memory_order_relaxed) - 1;
    if (socket >= 0) ::close(socket);
  }
}

std::size_t HttpConnection::take_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& connection = *static_cast<HttpConnection*>(self);
  const std::size_t bytes = size * count;
  if (connection.response_.body.size() + bytes > kMostResponse) {
    connection.body_is_too_large_ = true;
    return 0;  // ends the transfer, and the connection
  }
  try {
    connection.response_.body.append(data, bytes);
  } catch (...) {
    return 0;
  }
  return bytes;
}

std::size_t HttpConnection::take_header(char* data, std::size_t size, std::size_t count,
                                        void* self) {
  constexpr std::string_view kRetryAfter = "retry-after:";
  auto& connection = *static_cast<HttpConnection*>(self);
  const std::size_t bytes = size * count;
  connection.header_bytes_ += bytes;
  if (connection.header_bytes_ > kMostResponse) return 0;
  const std::string_view line(data, bytes);
  if (ascii::same_ignoring_case(line.substr(0, kRetryAfter.size()), kRetryAfter)) {
    connection.response_.retry_after =
        parse_retry_after(line.substr(kRetryAfter.size()), std::chrono::system_clock::now());
  }
  return bytes;
}

curl_socket_t HttpConnection::open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  const curl_socket_t socket =
      ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
  if (socket < 0) return CURL_SOCKET_BAD;
  for (auto& place : static_cast<HttpConnection*>(self)->sockets_) {
    curl_socket_t none = 0;
    if (place.compare_exchange_strong(none, socket + 1)) break;
  }
  return socket;
}

int HttpConnection::close_socket(void* self, curl_socket_t socket) {
  for (auto& place : static_cast<HttpConnection*>(self)->sockets_) {
    curl_socket_t it = socket + 1;
    if (place.compare_exchange_strong(it, 0)) break;
  }
  return ::close(socket);
}

}  // namespace waybill::internal
