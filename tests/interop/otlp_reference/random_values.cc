#include "tests/interop/otlp_reference/random_values.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <variant>

namespace waybill::test {
namespace {

using nlohmann::json;

int random_size(int most) {
  return *rc::gen::inRange(0, most + 1);
}

// Of ten times, so many.
bool happens(int times) {
  return *rc::gen::inRange(0, 10) < times;
}

std::string random_bytes(int most) {
  return *rc::gen::container<std::string>(static_cast<std::size_t>(random_size(most)),
                                          rc::gen::arbitrary<char>());
}

std::string random_ascii(int most) {
  return *rc::gen::container<std::string>(static_cast<std::size_t>(random_size(most)),
                                          rc::gen::inRange<char>(' ', 127));
}

std::string random_characters() {
  std::string text;
  const int size = random_size(12);
  for (int i = 0; i < size; ++i) {
    text += *rc::gen::element<std::string>("a", "\n", "\x7f", "\xc3\xbc", "\xc2\x85",
                                           "\xe2\x82\xac", "\xe2\x80\xa8", "\xf0\x9f\x98\x80", "\"",
                                           "\\", std::string(1, '\0'));
  }
  return text;
}

// Parts of characters, which are mended to one U+FFFD or to several.
std::string random_broken_characters() {
  std::string text;
  const int size = random_size(6);
  for (int i = 0; i < size; ++i) {
    text += *rc::gen::element<std::string>("a", "\xe2\x82", "\xf0\x9f\x98", "\xed\xa0\x80",
                                           "\xc0\xaf", "\xf5\x80", "\x80", "\xff", "\xc3\xbc");
  }
  return text;
}

std::uint64_t bits_of(double value) {
  std::uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

json text_value(std::string_view text) {
  return {"string", hex_of(text)};
}
json int_value(std::int64_t value) {
  return {"int", std::to_string(value)};
}

FieldValue random_field_value(Storage& storage) {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return random_int();
    case 1:
      return *rc::gen::arbitrary<std::uint64_t>();
    case 2:
      return random_double();
    case 3:
      return *rc::gen::arbitrary<bool>();
    default:
      return storage.keep(random_text());
  }
}

template <class T>
std::vector<T> random_list(T (*element)()) {
  std::vector<T> list(static_cast<std::size_t>(random_size(4)));
  for (T& it : list) it = element();
  return list;
}

}  // namespace

std::string random_text() {
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      return random_bytes(40);
    case 1:
      return random_characters();
    case 2:
      return random_broken_characters();
    case 3:
      return random_ascii(300);
    case 4:
      return std::string(static_cast<std::size_t>(random_size(3'000)), 'x');
    default:
      return random_ascii(30);
  }
}

std::string random_key() {
  if (happens(8)) {
    return *rc::gen::element<std::string>("a", "b", "job_id", "account_id", "http.route", "code",
                                          "waybill.trace_name", "field.job_id");
  }
  return random_text() + "k";
}

double random_double() {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (happens(3)) {
    return *rc::gen::element(0.0, -0.0, kInfinity, -kInfinity,
                             std::numeric_limits<double>::quiet_NaN(), 0.1, 1e300, 5e-324);
  }
  return *rc::gen::arbitrary<double>();
}

std::int64_t random_int() {
  return *rc::gen::oneOf(rc::gen::arbitrary<std::int64_t>(),
                         rc::gen::inRange<std::int64_t>(-200, 200),
                         rc::gen::element(std::numeric_limits<std::int64_t>::min(),
                                          std::numeric_limits<std::int64_t>::max()));
}

std::chrono::system_clock::time_point random_time() {
  return std::chrono::system_clock::time_point(
      std::chrono::nanoseconds(*rc::gen::inRange<std::int64_t>(1, 2'000'000'000'000'000'000)));
}

std::vector<Field> random_fields(Storage& storage) {
  std::vector<Field> fields;
  std::set<std::string_view> keys;
  const int size = random_size(5);
  for (int i = 0; i < size; ++i) {
    const std::string_view key = storage.keep(happens(9) ? random_key() : "");
    if (keys.insert(key).second) fields.push_back({key, random_field_value(storage)});
  }
  return fields;
}

std::vector<Attribute> random_attributes(Storage& storage) {
  std::vector<Attribute> attributes;
  const int size = random_size(8);
  for (int i = 0; i < size; ++i) {
    const std::string_view key = storage.keep(random_key());
    switch (*rc::gen::inRange(0, 12)) {
      case 0:
        attributes.push_back({key, storage.keep_list(random_list<std::string>(random_text))});
        break;
      case 1:
        attributes.push_back({key, storage.keep_list(random_list<std::int64_t>(random_int))});
        break;
      case 2:
        attributes.push_back({key, storage.keep_list(random_list<double>(random_double))});
        break;
      default:
        attributes.push_back({key, random_field_value(storage)});
    }
  }
  return attributes;
}

std::vector<OwnedAttribute> random_owned_attributes() {
  std::vector<OwnedAttribute> attributes;
  const int size = random_size(5);
  for (int i = 0; i < size; ++i) {
    OwnedAttributeValue value;
    switch (*rc::gen::inRange(0, 9)) {
      case 0:
        value = random_int();
        break;
      case 1:
        value = random_double();
        break;
      case 2:
        value = *rc::gen::arbitrary<bool>();
        break;
      case 3:
        value = random_list<std::string>(random_text);
        break;
      case 4:
        value = random_list<std::int64_t>(random_int);
        break;
      case 5:
        value = random_list<double>(random_double);
        break;
      case 6:
        value = *rc::gen::container<std::vector<bool>>(3, rc::gen::arbitrary<bool>());
        break;
      default:
        value = random_text();
    }
    attributes.push_back({happens(9) ? random_key() : "", std::move(value)});
  }
  return attributes;
}

Resource random_resource() {
  Resource resource{.service_name = happens(8) ? random_text() : "", .attributes = {}};
  const int size = random_size(4);
  for (int i = 0; i < size; ++i) {
    const std::string key = happens(1) ? "" : happens(2) ? "service.name" : random_key();
    resource.attributes.emplace_back(key, random_text());
  }
  return resource;
}

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    char digits[2];
    hex::encode_byte(static_cast<std::uint8_t>(c), digits);
    hex.append(digits, 2);
  }
  return hex;
}

std::string nanoseconds_of(std::chrono::system_clock::time_point time) {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count());
}

json describe(double value) {
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(bits_of(value)));
  return {"double", digits};
}

json describe(const FieldValue& value) {
  switch (value.type()) {
    case FieldValue::Type::kString:
      return text_value(value.as_string());
    case FieldValue::Type::kInt64:
      return int_value(value.as_int64());
    case FieldValue::Type::kUint64:
      return {"uint", std::to_string(value.as_uint64())};
    case FieldValue::Type::kDouble:
      return describe(value.as_double());
    case FieldValue::Type::kBool:
      break;
  }
  return {"bool", value.as_bool()};
}

json describe(const AttributeValue& value) {
  return describe(to_owned(value));
}

json describe(const OwnedAttributeValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return text_value(*text);
  if (const auto* number = std::get_if<std::int64_t>(&value)) return int_value(*number);
  if (const auto* number = std::get_if<double>(&value)) return describe(*number);
  if (const auto* truth = std::get_if<bool>(&value)) return {"bool", *truth};
  json list = json::array();
  if (const auto* texts = std::get_if<std::vector<std::string>>(&value)) {
    for (const std::string& text : *texts) list.push_back(text_value(text));
  } else if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&value)) {
    for (const std::int64_t number : *numbers) list.push_back(int_value(number));
  } else if (const auto* doubles = std::get_if<std::vector<double>>(&value)) {
    for (const double number : *doubles) list.push_back(describe(number));
  } else {
    for (const bool truth : std::get<std::vector<bool>>(value)) {
      list.push_back(json::array({"bool", truth}));
    }
  }
  return json::array({"list", list});
}

json describe(const Resource& resource) {
  json attributes = json::array();
  for (const auto& [key, text] : resource.attributes) {
    attributes.push_back({hex_of(key), text_value(text)});
  }
  return {{"service_name", hex_of(resource.service_name)}, {"attributes", attributes}};
}

}  // namespace waybill::test
