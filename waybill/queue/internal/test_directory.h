// TestDirectory: an empty directory of a test's own, gone with all that is in it at the end, but
// not when a child process of the test ends.
#pragma once

#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

namespace waybill::queue::internal {

class TestDirectory {
 public:
  TestDirectory() : path_(::testing::TempDir() + "waybill-queue-XXXXXX") {
    if (mkdtemp(path_.data()) == nullptr) ADD_FAILURE() << "no directory " << path_;
  }
  TestDirectory(const TestDirectory&) = delete;
  TestDirectory& operator=(const TestDirectory&) = delete;
  ~TestDirectory() {
    if (getpid() == process_) std::filesystem::remove_all(path_);
  }

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
  const pid_t process_ = getpid();
};

}  // namespace waybill::queue::internal
