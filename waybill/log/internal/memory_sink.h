// A sink that keeps lines in memory, for tests.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <waybill/log/sink.h>

namespace waybill::internal {

class MemorySink final : public LogSink {
 public:
  bool write(std::string_view line) noexcept override {
    const std::lock_guard lock(mutex_);
    lines_.emplace_back(line);
    return true;
  }

  std::vector<std::string> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace waybill::internal
