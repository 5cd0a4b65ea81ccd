// For tests: a sink in memory that takes as much as it is told to.
#pragma once

#include <algorithm>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

#include <waybill/log/sink.h>

namespace waybill::test {

class LimitedSink final : public LogSink {
 public:
  static constexpr std::size_t kEverything = std::numeric_limits<std::size_t>::max();

  SinkResult write(std::string_view offered) noexcept override {
    ++calls;
    const std::size_t taken = std::min(takes, offered.size());
    text += offered.substr(0, taken);
    return {.written = taken, .error = error};
  }
  void tick() noexcept override { ++ticks; }
  std::string name() const override { return "memory"; }

  // Those that are complete.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
      all.push_back(text.substr(begin, end - begin));
    }
    return all;
  }

  std::size_t takes = kEverything;
  std::error_code error = {};
  std::string text;
  int calls = 0;
  int ticks = 0;
};

}  // namespace waybill::test
