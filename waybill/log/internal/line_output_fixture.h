// A LineOutput for tests, and a sink that does with its lines what a test says.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include <waybill/log/internal/line_output.h>

namespace waybill::internal {

inline constexpr auto kNoSpace = std::errc::no_space_on_device;
inline constexpr auto kAgain = std::errc::resource_unavailable_try_again;

// Takes as much as a test lets it, in as many calls.
class ScriptedSink final : public LogSink {
 public:
  explicit ScriptedSink(std::string name = "a scripted sink") : name_(std::move(name)) {}

  SinkResult write(std::string_view lines) noexcept override {
    ++calls;
    const std::size_t written = std::min(room, lines.size());
    taken.append(lines.substr(0, written));
    room -= written;
    if (written == lines.size()) return {.written = written, .error = trouble};
    return {.written = written, .error = failure};
  }
  void tick() noexcept override { ++ticks; }
  std::string name() const override { return name_; }

  std::string taken;
  std::size_t room = SIZE_MAX;
  std::error_code failure = std::make_error_code(kNoSpace);
  std::error_code trouble = {};
  int calls = 0;
  int ticks = 0;

 private:
  std::string name_;
};

class LineOutputTest : public testing::Test {
 protected:
  LineOutputTest() { testing::internal::CaptureStderr(); }
  ~LineOutputTest() override {
    if (!has_read_report_) testing::internal::GetCapturedStderr();
  }

  void add(const std::string& line) {
    output_.buffer().append(line);
    output_.line_added();
  }
  void write_out_after(std::chrono::milliseconds passed) { output_.write_out(now_ += passed); }
  std::string report() {
    has_read_report_ = true;
    return testing::internal::GetCapturedStderr();
  }

  std::shared_ptr<ScriptedSink> sink_ = std::make_shared<ScriptedSink>();
  LineOutput output_{sink_, {.batch_bytes = 100, .kept_bytes = 200}};
  LineOutput::Time now_ = std::chrono::steady_clock::now();
  bool has_read_report_ = false;
};

}  // namespace waybill::internal
