// Sinks that the tests of this bridge look into.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <spdlog/sinks/base_sink.h>

namespace waybill::test {

class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

// Collects formatted lines. Where it has a gate, it takes nothing until that is open.
class LinesSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LinesSink(Gate* gate = nullptr) : gate_(gate) {}

  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  int flushes() {
    const std::lock_guard lock(mutex_);
    return flushes_;
  }

 private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    if (gate_ != nullptr) gate_->wait();
    spdlog::memory_buf_t line;
    formatter_->format(msg, line);
    lines_.emplace_back(line.data(), line.size() - 1);
  }
  void flush_() override { ++flushes_; }

  Gate* gate_;
  std::vector<std::string> lines_;
  int flushes_ = 0;
};

}  // namespace waybill::test
