// BeastCarrier: the fields of a Boost.Beast message, as a carrier.
//
//   boost::beast::http::request<boost::beast::http::string_body> request = ...;
//   BeastCarrier carrier(request);
//   inject(Context::current(), carrier);
//
// Refers to the message or fields, which must outlive it. Header only: whoever includes this brings
// Boost, the library itself does not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/beast/http/fields.hpp>

#include <waybill/propagation/carrier.h>

namespace waybill {

// Over a const message: for reading; set() and remove() do nothing.
template <class Fields>
class BeastCarrier final : public Carrier {
 public:
  explicit BeastCarrier(Fields& fields) noexcept : fields_(&fields) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto found = fields_->find(text(key));
    if (found == fields_->end()) return std::nullopt;
    return view(found->value());
  }

  std::string get_joined(std::string_view key) const override {
    const auto [first, last] = fields_->equal_range(text(key));
    std::string joined;
    for (auto field = first; field != last; ++field) {
      if (field != first) joined += ',';
      joined += view(field->value());
    }
    return joined;
  }

  bool offer_all(HeaderLookup& lookup) const override {
    for (const auto& field : *fields_) lookup.offer(view(field.name_string()), view(field.value()));
    return true;
  }

  void set(std::string_view key, std::string_view value) override {
    if constexpr (!std::is_const_v<Fields>) fields_->set(text(key), text(value));
  }

  void remove(std::string_view key) override {
    if constexpr (!std::is_const_v<Fields>) fields_->erase(text(key));
  }

 private:
  static boost::beast::string_view text(std::string_view text) noexcept {
    return {text.data(), text.size()};
  }
  static std::string_view view(boost::beast::string_view text) noexcept {
    return {text.data(), text.size()};
  }

  Fields* fields_;
};

}  // namespace waybill
