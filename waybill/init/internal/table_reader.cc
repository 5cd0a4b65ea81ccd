#include <algorithm>
#include <string>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/table_reader.h>

namespace waybill::internal {

TableReader::TableReader(const SettingValue* value) : value_(value) {
  if (value_ != nullptr) value_->table();
}

const SettingValue* TableReader::find(std::string_view key) {
  known_.push_back(key);
  return value_ != nullptr ? value_->find(key) : nullptr;
}

void TableReader::refuse_others(const std::vector<std::string_view>& elsewhere,
                                std::string_view company) const {
  if (value_ == nullptr) return;
  const auto contains = [](const auto& names, std::string_view key) {
    return std::find(names.begin(), names.end(), key) != names.end();
  };
  for (const auto& [key, value] : value_->table()) {
    if (contains(known_, key)) continue;
    if (contains(elsewhere, key)) {
      throw bad_setting(value.option(), value.place(),
                        Error("does not go with " + std::string(company)));
    }
    throw unknown_setting(value.option(), value.place(), key, known_);
  }
}

}  // namespace waybill::internal
