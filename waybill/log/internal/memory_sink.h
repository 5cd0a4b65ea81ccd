// A sink that keeps lines in memory, for tests.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include <waybill/log/sink.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::internal {

class MemorySink final : public LogSink {
 public:
  SinkResult write(std::string_view lines) noexcept override {
    const std::lock_guard lock(mutex_);
    for (std::size_t start = 0; start < lines.size();) {
      const std::size_t end = lines.find('\n', start) + 1;
      lines_.emplace_back(lines.substr(start, end - start));
      start = end;
    }
    return {.written = lines.size()};
  }

  // What has been logged up to now.
  std::vector<std::string> take() {
    flush();
    const std::lock_guard lock(mutex_);
    return std::exchange(lines_, {});
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace waybill::internal
