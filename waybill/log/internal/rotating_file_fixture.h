// A RotatingFile for tests: opened in a folder of its own, at a fixed time.
#pragma once

#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <waybill/log/internal/rotating_file.h>
#include <waybill/log/internal/temporary_folder.h>

namespace waybill::internal {

class RotatingFileTest : public testing::Test {
 protected:
  RotatingFile open(FileSinkOptions options) {
    options.path = path_;
    return RotatingFile(options, now_);
  }
  // All lines, in the order of the files' names.
  std::string all_content() const {
    std::string all;
    for (const auto& entry : RotatedFiles(path_).list()) all += content_of(entry.path);
    return all + content_of(path_);
  }
  std::vector<std::string> rotated() const {
    std::vector<std::string> contents;
    for (const auto& entry : RotatedFiles(path_).list()) contents.push_back(content_of(entry.path));
    return contents;
  }
  void set_modified(RotatingFile::Time time) const {
    const timespec at = {.tv_sec = std::chrono::system_clock::to_time_t(time), .tv_nsec = 0};
    const timespec times[] = {at, at};
    ASSERT_EQ(utimensat(AT_FDCWD, path_.c_str(), times, 0), 0);
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "app.log";
  RotatingFile::Time now_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) +
                            std::chrono::hours(23) + std::chrono::minutes(58) +
                            std::chrono::seconds(1);
};

}  // namespace waybill::internal
