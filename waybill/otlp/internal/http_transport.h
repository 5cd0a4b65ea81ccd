// HttpTransport: OTLP over HTTP/1.1. Proxies are those of the environment, as curl understands it,
// but for collectors on this host.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <waybill/otlp/internal/gzip.h>
#include <waybill/otlp/internal/http_connection.h>
#include <waybill/otlp/internal/transport.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill::internal {

class HttpTransport final : public Transport {
 public:
  // Throws Error where libcurl cannot do what is wanted of it.
  explicit HttpTransport(const SignalOptions& options);
  ~HttpTransport() override { delete session_.load(); }

  Answer send(std::string_view request, Encoding encoding) noexcept override;
  void abort() noexcept override;
  void after_fork_in_child() noexcept override;
  std::string place() const override { return options_.url; }

 private:
  // What is in use while a request is under way, and so may be in any state after a fork.
  struct Session {
    explicit Session(const SignalOptions& options) : connection(options) {}
    HttpConnection connection;
    Gzip gzip;
    WireBuffer compressed;
  };
  using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

  HeaderList headers_of(Encoding encoding) const;
  Answer answer_to(const HttpResponse& response, Encoding encoding) const;

  const SignalOptions options_;
  const HeaderList protobuf_headers_;
  const HeaderList json_headers_;
  std::atomic<Session*> session_;  // null: to be made, after a fork
  std::atomic<bool> aborted_ = false;
};

}  // namespace waybill::internal
