// Random values of what telemetry carries, and their description, for the reference to compare
// with. To be called within rc::gen::exec().
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>
#include <rapidcheck.h>

#include <waybill/core/field.h>
#include <waybill/core/ids.h>
#include <waybill/pipeline/resource.h>
#include <waybill/trace/attribute.h>

namespace waybill::test {

// Of any sort: ASCII, other characters, bytes that are not UTF-8, empty, long.
std::string random_text();
std::string random_key();  // not empty
double random_double();    // with infinities, and what is not a number
std::int64_t random_int();
std::chrono::system_clock::time_point random_time();

template <class Id>
Id random_id() {
  const auto bytes =
      *rc::gen::container<std::vector<std::uint8_t>>(Id::kSize, rc::gen::arbitrary<std::uint8_t>());
  std::uint8_t copy[Id::kSize] = {};
  std::copy(bytes.begin(), bytes.end(), copy);
  copy[0] |= 1;  // valid
  return Id(copy);
}

// Memory for what fields and attributes refer to.
class Storage {
 public:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  template <class T>
  const T& keep_list(T list) {
    auto kept = std::make_shared<T>(std::move(list));
    lists_.push_back(kept);
    return *kept;
  }

 private:
  std::deque<std::string> texts_;
  std::vector<std::shared_ptr<void>> lists_;
};

// With keys that are different, one of them empty now and then.
std::vector<Field> random_fields(Storage& storage);
// The same key may be there several times.
std::vector<Attribute> random_attributes(Storage& storage);
std::vector<OwnedAttribute> random_owned_attributes();
Resource random_resource();

// Bytes as hexadecimal: the reference mends what is not UTF-8 by itself.
std::string hex_of(std::string_view bytes);
template <class Id>
std::string id_of(const Id& id) {
  return id.is_valid() ? id.to_hex() : "";
}
std::string nanoseconds_of(std::chrono::system_clock::time_point time);

// ["string", hex], ["int", decimal], ["double", hex of the bits], ["bool", true], ["list", [...]]
nlohmann::json describe(double value);
nlohmann::json describe(const FieldValue& value);
nlohmann::json describe(const AttributeValue& value);
nlohmann::json describe(const OwnedAttributeValue& value);
nlohmann::json describe(const Resource& resource);

// [[hex of the key, value], ...]
template <class List>
nlohmann::json describe_all(const List& list) {
  nlohmann::json all = nlohmann::json::array();
  for (const auto& it : list) all.push_back({hex_of(it.key), describe(it.value)});
  return all;
}

}  // namespace waybill::test
