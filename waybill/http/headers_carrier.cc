#include <waybill/http/headers_carrier.h>

namespace waybill::http {

std::optional<std::string_view> HeadersCarrier::get(std::string_view key) const {
  return headers_->get(key);
}

std::string HeadersCarrier::get_joined(std::string_view key) const {
  return headers_->get_joined(key);
}

std::optional<std::string_view> HeadersCarrier::view_joined(std::string_view key,
                                                            std::string& storage) const {
  if (headers_->count(key) < 2) return headers_->get(key);
  storage = headers_->get_joined(key);
  return storage;
}

void HeadersCarrier::set(std::string_view key, std::string_view value) {
  if (writable_ != nullptr) writable_->set(key, value);
}

void HeadersCarrier::remove(std::string_view key) {
  if (writable_ != nullptr) writable_->erase(key);
}

}  // namespace waybill::http
