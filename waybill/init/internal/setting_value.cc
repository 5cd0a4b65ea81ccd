#include <algorithm>
#include <charconv>

#include <waybill/core/ascii.h>
#include <waybill/core/field.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/quantity.h>
#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {
bool SettingValue::boolean() const {
  if (const bool* value = std::get_if<bool>(&data_)) return *value;
  if (std::holds_alternative<Untyped>(data_)) {
    if (is_text_ignoring_case("true")) return true;
    if (is_text_ignoring_case("false")) return false;
  }
  fail("true or false");
}

std::string SettingValue::text() const {
  const std::string* value = text_or_null();
  if (value == nullptr || value->empty()) fail("a text");
  return possibly_empty();
}

std::string SettingValue::possibly_empty() const {
  const std::string* value = text_or_null();
  if (value == nullptr || value->find('\0') != std::string::npos) fail("a text");
  return *value;
}

std::string SettingValue::scalar() const {
  if (const auto* number = std::get_if<std::int64_t>(&data_)) return std::to_string(*number);
  if (const auto* number = std::get_if<double>(&data_)) return FieldValue(*number).to_string();
  if (const bool* value = std::get_if<bool>(&data_)) return *value ? "true" : "false";
  const std::string* value = text_or_null();
  if (value == nullptr || value->find('\0') != std::string::npos) {
    fail("a text, a number, true or false");
  }
  return *value;
}

Level SettingValue::level() const {
  if (const std::string* name = text_or_null()) {
    if (const auto level = level_from_name(*name)) return *level;
  }
  fail("trace, debug, info, warn, error, fatal or off");
}

std::size_t SettingValue::bytes() const {
  if (const auto* number = std::get_if<std::int64_t>(&data_)) {
    if (*number >= 0) return static_cast<std::size_t>(*number);
  } else if (const std::string* value = text_or_null()) {
    if (const auto bytes = parse_bytes(*value)) return static_cast<std::size_t>(*bytes);
  }
  fail(kBytesExpected);
}

std::size_t SettingValue::count() const {
  if (const auto* number = std::get_if<std::int64_t>(&data_); number != nullptr && *number >= 0) {
    return static_cast<std::size_t>(*number);
  }
  if (const Untyped* variable = std::get_if<Untyped>(&data_)) {
    std::size_t number = 0;
    const char* const end = variable->text.data() + variable->text.size();
    const auto [stop, error] = std::from_chars(variable->text.data(), end, number);
    if (error == std::errc() && stop == end) return number;
  }
  fail("a whole number");
}

std::uint16_t SettingValue::port() const {
  const auto* number = std::get_if<std::int64_t>(&data_);
  if (number == nullptr || *number < 1 || *number > 65'535) fail("1 to 65535");
  return static_cast<std::uint16_t>(*number);
}

std::chrono::microseconds SettingValue::microseconds() const {
  const auto* number = std::get_if<std::int64_t>(&data_);
  if (number != nullptr && *number == 0) return std::chrono::microseconds(0);
  if (const std::string* value = text_or_null()) {
    if (const auto duration = parse_duration(*value)) return *duration;
  }
  fail(kDurationExpected);
}

std::vector<std::string> SettingValue::names() const {
  std::vector<std::string> names;
  if (const List* list = std::get_if<List>(&data_)) {
    for (const SettingValue& item : *list) names.push_back(item.text());
    return names;
  }
  const std::string* value = text_or_null();
  if (value == nullptr) fail("a list of texts");
  for (std::string_view rest = *value; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view name = ascii::trimmed(rest.substr(0, comma), " ");
    if (!name.empty()) names.emplace_back(name);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

const SettingValue::Table& SettingValue::table() const {
  if (const Table* table = std::get_if<Table>(&data_)) return *table;
  fail("a table");
}

const SettingValue::List& SettingValue::list() const {
  if (const List* list = std::get_if<List>(&data_)) return *list;
  fail("a list");
}

const SettingValue* SettingValue::find(std::string_view key) const noexcept {
  const Table* table = std::get_if<Table>(&data_);
  if (table == nullptr) return nullptr;
  const auto found = std::find_if(table->begin(), table->end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == table->end() ? nullptr : &found->second;
}

SettingValue& SettingValue::member(std::string_view key) {
  Table& members = std::get<Table>(data_);
  for (auto& [name, value] : members) {
    if (name == key) return value;
  }
  const std::string option = option_.empty() ? std::string(key) : option_ + "." + std::string(key);
  return members.emplace_back(std::string(key), SettingValue(option, place_, Table{})).second;
}

void SettingValue::fail(std::string_view expected) const {
  throw bad_setting(option_, place_, shown(), expected);
}

const std::string* SettingValue::text_or_null() const noexcept {
  if (const Untyped* variable = std::get_if<Untyped>(&data_)) return &variable->text;
  return std::get_if<std::string>(&data_);
}

bool SettingValue::is_text_ignoring_case(std::string_view name) const noexcept {
  const std::string* value = text_or_null();
  return value != nullptr && ascii::same_ignoring_case(name, *value);
}

std::string SettingValue::shown() const {
  if (std::holds_alternative<Table>(data_)) return "a table";
  if (std::holds_alternative<List>(data_)) return "a list";
  if (std::holds_alternative<DateOrTime>(data_)) return "a date or time";
  if (const std::string* value = text_or_null()) return *value;
  return scalar();
}

}  // namespace waybill::internal
