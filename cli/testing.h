// What the room's tests share: records from JSON, and a folder of log files.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cli/record_parser.h>

namespace waybill::cli::testing {

// Throws for what is no JSON object.
inline Record record_from(std::string_view json, std::string_view file_name = "file") {
  RecordParser parser;
  Record record;
  if (!parser.parse(json, file_name, record)) throw std::invalid_argument(std::string(json));
  record.order_time = record.time.value_or(Record::kNoTime);
  return record;
}

inline std::vector<Record> records_from(std::initializer_list<std::string_view> lines) {
  std::vector<Record> records;
  for (const std::string_view line : lines) records.push_back(record_from(line));
  return records;
}

// A new folder, gone with its contents at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "waybill-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = pattern;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  std::string path() const { return path_.string(); }

  // Writes a file, with the folders above it, and returns its path.
  std::string write(const std::string& name, std::string_view content) const {
    const std::filesystem::path file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

}  // namespace waybill::cli::testing
