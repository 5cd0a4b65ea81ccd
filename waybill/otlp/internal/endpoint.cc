#include <algorithm>
#include <memory>

#include <curl/curl.h>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/endpoint.h>

namespace waybill::internal {
namespace {

// libcurl reads the URL, so that what is checked here is what it connects to.
class Url {
 public:
  explicit Url(const std::string& text) : url_(curl_url(), curl_url_cleanup) {
    is_valid_ = url_ != nullptr && curl_url_set(url_.get(), CURLUPART_URL, text.c_str(), 0) == 0;
  }
  bool is_valid() const noexcept { return is_valid_; }

  // Empty where there is none.
  std::string part(CURLUPart which) const {
    char* text = nullptr;
    if (curl_url_get(url_.get(), which, &text, 0) != CURLUE_OK) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
    return text;
  }

 private:
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url_;
  bool is_valid_ = false;
};

bool is_loopback_host(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host == "::1" || host.starts_with("127.");
}

bool has_scheme(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

}  // namespace

Endpoint http_endpoint(std::string_view option, std::string_view text) {
  constexpr const char* kExpected = "a URL such as http://localhost:4318";
  const std::string url(text);
  const Url parsed(url);
  const std::string host = has_scheme(text) && parsed.is_valid() ? parsed.part(CURLUPART_HOST) : "";
  const bool is_printable =
      std::all_of(url.begin(), url.end(), [](char c) { return '!' <= c && c <= '~'; });
  if (host.empty() || !is_printable) throw Error::bad_option(option, text, kExpected);
  if (!parsed.part(CURLUPART_USER).empty() || !parsed.part(CURLUPART_PASSWORD).empty()) {
    throw Error::bad_option(option, "...@" + host, "a URL without a user; use headers");
  }
  Endpoint endpoint;
  endpoint.url = url;
  const auto authority = url.find("://") + 3;
  const auto rest = url.find_first_of("/?#", authority);
  if (rest == std::string::npos) {
    endpoint.url += '/';
  } else if (url[rest] != '/') {
    endpoint.url.insert(rest, "/");
  }
  endpoint.use_tls = text.starts_with("https:");
  endpoint.is_loopback = is_loopback_host(host);
  return endpoint;
}

Endpoint grpc_endpoint(std::string_view option, std::string_view text, bool insecure) {
  Endpoint endpoint;
  if (has_scheme(text)) {
    const Endpoint http = http_endpoint(option, text);
    const auto authority = http.url.find("://") + 3;
    endpoint.url = http.url.substr(authority, http.url.find('/', authority) - authority);
    // A bare IPv6 address has colons of its own.
    if (endpoint.url.find(':', endpoint.url.rfind(']') + 1) == std::string::npos) {
      endpoint.url += http.use_tls ? ":443" : ":80";
    }
    endpoint.use_tls = http.use_tls;
    endpoint.is_loopback = http.is_loopback;
    return endpoint;
  }
  const bool is_printable =
      std::all_of(text.begin(), text.end(), [](char c) { return '!' <= c && c <= '~'; });
  if (text.empty() || !is_printable) {
    throw Error::bad_option(option, text, "a host and port such as localhost:4317");
  }
  endpoint.url = text;
  endpoint.use_tls = !insecure;
  endpoint.is_loopback =
      is_loopback_host(text.substr(0, text.rfind(':'))) || text.starts_with("unix:");
  return endpoint;
}

}  // namespace waybill::internal
