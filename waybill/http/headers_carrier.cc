#include <waybill/http/headers_carrier.h>

namespace waybill::http {

std::optional<std::string_view> HeadersCarrier::get(std::string_view key) const {
  return headers_->get(key);
}

std::string HeadersCarrier::get_joined(std::string_view key) const {
  return headers_->get_joined(key);
}

bool HeadersCarrier::offer_all(HeaderLookup& lookup) const {
  for (const auto& [name, value] : *headers_) lookup.offer(name, value);
  return true;
}

void HeadersCarrier::set(std::string_view key, std::string_view value) {
  if (writable_ != nullptr) writable_->set(key, value);
}

void HeadersCarrier::remove(std::string_view key) {
  if (writable_ != nullptr) writable_->erase(key);
}

}  // namespace waybill::http
