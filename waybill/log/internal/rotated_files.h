// RotatedFiles: the files that a log file's earlier lines have been moved to.
//
//   app.log                               the file that is written
//   app.log.2026-11-21T00-00-00Z          moved there at that time, UTC
//   app.log.2026-11-21T00-00-00Z.000001   the next one of the same second
//
// The order of the names is that of the files. Nothing else is ever touched: not app.log.1, not
// app.log.2026-11-21T00-00-00Z.gz. All functions may throw std::bad_alloc.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <vector>

namespace waybill::internal {

// What may stay; 0 stands for no limit.
struct Retention {
  std::size_t files = 0;
  std::uint64_t total_bytes = 0;
  std::chrono::seconds age{0};

  bool has_limit() const noexcept { return files != 0 || total_bytes != 0 || age.count() != 0; }
};

class RotatedFiles {
 public:
  using Time = std::chrono::system_clock::time_point;

  struct Entry {
    std::string path;
    std::string suffix;  // "2026-11-21T00-00-00Z.000001"
    std::uint64_t bytes;
  };

  // Of the log file of this path, an absolute one.
  explicit RotatedFiles(const std::string& path);

  // Oldest first.
  std::vector<Entry> list() const;

  // Moves the log file to a new name, and says which. Overwrites nothing. When the clock was set
  // back by less than an hour, the name still comes after those that there are.
  std::string move_away(Time now, std::error_code& error) const;

  // The reverse, if the log file's place is still free.
  void move_back(const std::string& moved) const noexcept;

  // Removes the oldest ones, as many as it takes.
  void remove_old(const Retention& retention, Time now) const;

 private:
  std::string free_suffix(Time now) const;

  std::string path_;
  std::string folder_;
  std::string prefix_;  // "app.log."
};

}  // namespace waybill::internal
