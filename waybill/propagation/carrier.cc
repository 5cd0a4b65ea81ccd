#include <algorithm>

#include <waybill/core/ascii.h>
#include <waybill/propagation/carrier.h>

namespace waybill {

bool detail::equal_after_folding(std::string_view a, std::string_view b) noexcept {
  return a == b || ascii::same_ignoring_case(a, b);
}

std::string Carrier::get_joined(std::string_view key) const {
  return std::string(get(key).value_or(std::string_view{}));
}

bool Carrier::offer_all(HeaderLookup&) const {
  return false;
}

void Carrier::remove(std::string_view key) {
  if (get(key)) set(key, {});
}

std::optional<std::string_view> HeaderListCarrier::get(std::string_view key) const {
  for (const auto& [name, value] : *headers_) {
    if (equal_ignoring_case(name, key)) return std::string_view(value);
  }
  return std::nullopt;
}

std::string HeaderListCarrier::get_joined(std::string_view key) const {
  std::string joined;
  bool any = false;
  for (const auto& [name, value] : *headers_) {
    if (!equal_ignoring_case(name, key)) continue;
    if (any) joined += ',';
    joined += value;
    any = true;
  }
  return joined;
}

bool HeaderListCarrier::offer_all(HeaderLookup& lookup) const {
  for (const auto& [name, value] : *headers_) lookup.offer(name, value);
  return true;
}

void HeaderListCarrier::set(std::string_view key, std::string_view value) {
  if (writable_ == nullptr) return;
  const auto same_name = [key](const auto& header) {
    return equal_ignoring_case(header.first, key);
  };
  const auto first = std::find_if(writable_->begin(), writable_->end(), same_name);
  if (first == writable_->end()) {
    writable_->emplace_back(key, value);
    return;
  }
  first->second = value;
  writable_->erase(std::remove_if(first + 1, writable_->end(), same_name), writable_->end());
}

void HeaderListCarrier::remove(std::string_view key) {
  if (writable_ == nullptr) return;
  std::erase_if(*writable_,
                [key](const auto& header) { return equal_ignoring_case(header.first, key); });
}

}  // namespace waybill
