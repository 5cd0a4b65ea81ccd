// SettingValue: what an option was set to, and where: a node of the tree that a TOML file, or the
// environment, is read into. Each question for a type throws Error where the value is of another.
//
//   SettingValue value("log.level", "waybill.toml:3", "debug");
//   value.level();      // Level::kDebug
//   value.boolean();    // option 'log.level' (waybill.toml:3): 'debug' is not valid: expected …
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <waybill/log/level.h>

namespace waybill::internal {

class SettingValue {
 public:
  using List = std::vector<SettingValue>;
  using Table = std::vector<std::pair<std::string, SettingValue>>;  // each key once
  struct DateOrTime {};
  // What a variable holds stands for whatever type is asked for.
  struct Untyped {
    std::string text;
  };
  using Data =
      std::variant<Table, List, std::string, std::int64_t, double, bool, DateOrTime, Untyped>;

  SettingValue(std::string option, std::string place, Data data)
      : option_(std::move(option)), place_(std::move(place)), data_(std::move(data)) {}

  const std::string& option() const noexcept { return option_; }  // "log.level"
  const std::string& place() const noexcept { return place_; }    // "waybill.toml:3"

  bool boolean() const;
  std::string text() const;            // not empty, without NUL
  std::string possibly_empty() const;  // without NUL
  std::string scalar() const;          // any text, number or boolean, as text
  Level level() const;
  std::size_t bytes() const;
  std::size_t count() const;  // a whole number
  std::uint16_t port() const;
  // A whole number of this unit.
  template <class Duration>
  Duration duration() const {
    const std::chrono::microseconds exact = microseconds();
    const auto whole = std::chrono::duration_cast<Duration>(exact);
    if (whole == exact) return whole;
    fail(Duration::period::den == 1 ? "whole seconds" : "whole milliseconds");
  }
  // A list of texts, or one text with commas.
  std::vector<std::string> names() const;

  // One of several names, in any case: "drop" and "wait".
  template <class T>
  struct Choice {
    std::string_view name;
    T value;
  };
  template <class T, std::size_t kCount>
  T one_of(const Choice<T> (&choices)[kCount]) const {
    std::string expected;
    for (const auto& [name, value] : choices) {
      if (is_text_ignoring_case(name)) return value;
      expected.append(expected.empty() ? "" : ", ").append(name);
    }
    fail(expected);
  }

  // The name of a value there; "?" for none.
  template <class T, std::size_t kCount>
  static std::string_view name_in(const Choice<T> (&choices)[kCount], T wanted) noexcept {
    for (const auto& [name, value] : choices) {
      if (value == wanted) return name;
    }
    return "?";
  }

  bool is_table() const noexcept { return std::holds_alternative<Table>(data_); }
  bool is_text() const noexcept { return text_or_null() != nullptr; }
  const Table& table() const;
  const List& list() const;
  // The member of this key, or null; null for what is no table, too.
  const SettingValue* find(std::string_view key) const noexcept;
  SettingValue& member(std::string_view key);  // a table's; made, as a table, if it is not there

  [[noreturn]] void fail(std::string_view expected) const;

 private:
  const std::string* text_or_null() const noexcept;
  bool is_text_ignoring_case(std::string_view name) const noexcept;
  std::chrono::microseconds microseconds() const;
  std::string shown() const;

  std::string option_;
  std::string place_;
  Data data_;
};

}  // namespace waybill::internal
