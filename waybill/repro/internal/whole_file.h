// Files that are read and written as a whole.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace waybill::internal {

// Reads in pieces and gives each to take(std::string_view). Throws std::system_error.
class FileReader {
 public:
  explicit FileReader(const std::filesystem::path& file);
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  ~FileReader();

  // At most `size` bytes, none at the end.
  std::size_t read(char* out, std::size_t size);

 private:
  int descriptor_;
};

// Writes a new file beside it, brings that to the disk, and puts it in its place: whoever looks
// finds the old file or the new one. Throws std::system_error; the old one is still there then.
void replace_file(const std::filesystem::path& file, std::string_view content);

}  // namespace waybill::internal
