// The JSON records that programs have written so far.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace waybill::test {

// Of every file in `folder`, file by file; a last line without its end is left out.
inline std::vector<nlohmann::json> read_logs(const std::filesystem::path& folder) {
  std::vector<nlohmann::json> records;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line) && !file.eof();) {
      records.push_back(nlohmann::json::parse(line));
    }
  }
  return records;
}

// Those whose member `key` is `value`.
inline std::vector<nlohmann::json> select(const std::vector<nlohmann::json>& records,
                                          std::string_view key, const nlohmann::json& value) {
  std::vector<nlohmann::json> selected;
  for (const nlohmann::json& record : records) {
    const auto member = record.find(key);
    if (member != record.end() && *member == value) selected.push_back(record);
  }
  return selected;
}

}  // namespace waybill::test
