// HeadersCarrier: the headers of an HTTP message as what a context is written to and read from.
//
//   HeadersCarrier carrier(request.headers);
//   Context remote = waybill::extract(carrier);
//
// Refers to the headers, which must outlive it. Server and Client do this by themselves.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/http/headers.h>
#include <waybill/propagation/carrier.h>

namespace waybill::http {

class HeadersCarrier final : public Carrier {
 public:
  explicit HeadersCarrier(Headers& headers) noexcept : headers_(&headers), writable_(&headers) {}
  // For reading; set() and remove() do nothing.
  explicit HeadersCarrier(const Headers& headers) noexcept : headers_(&headers) {}

  std::optional<std::string_view> get(std::string_view key) const override;
  std::string get_joined(std::string_view key) const override;
  bool offer_all(HeaderLookup& lookup) const override;
  void set(std::string_view key, std::string_view value) override;
  void remove(std::string_view key) override;

 private:
  const Headers* headers_;
  Headers* writable_ = nullptr;
};

}  // namespace waybill::http
