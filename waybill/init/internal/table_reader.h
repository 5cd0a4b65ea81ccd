// TableReader: asks a table for its keys, and finds those that nobody has asked for.
//
//   TableReader table(value);
//   table.read("level", options.level, &SettingValue::level);      // where it is set
//   table.refuse_others();                                         // throws for unknown keys
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include <waybill/init/internal/setting_value.h>

namespace waybill::internal {

class TableReader {
 public:
  // Null is an empty table. Throws Error for what is no table.
  explicit TableReader(const SettingValue* value);

  // The value of this key, or null. `key` is a literal.
  const SettingValue* find(std::string_view key);

  template <class T, class Get>
  void read(std::string_view key, T& target, Get get) {
    if (const SettingValue* value = find(key)) target = std::invoke(get, *value);
  }

  // Throws Error for the first key that was not asked for: it is unknown, or, if it is one of
  // `elsewhere`, does not go with `company`.
  void refuse_others(const std::vector<std::string_view>& elsewhere = {},
                     std::string_view company = {}) const;

 private:
  const SettingValue* value_;
  std::vector<std::string_view> known_;
};

}  // namespace waybill::internal
