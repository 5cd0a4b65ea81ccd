// LogFile: a file opened for appending, in which no line stays torn.
//
// Where only a part of a line could be written (the disk is full), that part is taken back, so that
// neither this process nor another that appends to the file continues in the middle of a line.
// Where it cannot be taken back, has_torn_line() says that the rest must come before anything else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>

#include <sys/stat.h>

#include <waybill/log/internal/descriptor.h>
#include <waybill/log/sink.h>

namespace waybill::internal {

class LogFile {
 public:
  LogFile() noexcept = default;

  // Opens it, or makes it and its folders. A file that ends in the middle of a line, as a process
  // that has crashed may leave it, gets a newline first. Sets `error` where it cannot.
  static LogFile open(const std::string& path, std::error_code& error);

  bool is_open() const noexcept { return file_.is_open(); }

  // Whole lines, or the rest of a torn one and then whole lines.
  SinkResult append(std::string_view lines) noexcept;

  // What was written is on the disk when this returns without an error.
  std::error_code sync() noexcept;

  bool has_torn_line() const noexcept { return torn_bytes_ != 0; }

  // Devices and pipes are no regular files: they have no size, and are never moved.
  bool is_regular() const noexcept { return is_regular_; }

  // As far as this process knows: what others have appended since it was opened does not count.
  std::uint64_t size() const noexcept { return size_; }

  // When the file that was opened was last written to, by whomever.
  std::int64_t modified_at_opening() const noexcept { return modified_; }  // seconds since 1970

  // Whether the file is still the one that the path leads to.
  bool is_at(const std::string& path) const noexcept;

 private:
  bool take_back(std::size_t bytes) noexcept;
  void end_torn_line(const std::string& path) noexcept;

  Descriptor file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  bool is_regular_ = false;
  std::uint64_t size_ = 0;
  std::int64_t modified_ = 0;
  std::size_t torn_bytes_ = 0;  // at the end of the file, of a line whose rest is to come
};

}  // namespace waybill::internal
