// glog's messages as records of Waybill's log.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <source_location>
#include <string_view>

#include <glog/logging.h>

#include <waybill/log/log.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::glog_bridge {

struct ForwardingOptions {
  std::string_view logger = "glog";
  // Turns off what glog writes itself, to standard error and to files, for the rest of the process:
  // google::InitGoogleLogging() must have been called, or glog writes to standard error all the
  // same.
  bool only = false;
};

// While it lives, each glog message becomes a record of the logger named above, under the context
// of its call: INFO, WARNING, ERROR and FATAL as kInfo, kWarn, kError and kFatal, file and line as
// the fields code.file.path and code.line.number. A FATAL one is with its sinks before glog ends
// the process. To be made at the start of a program; neither sinks nor formats of the log may use
// glog, which holds a lock meanwhile.
class Forwarding final : private google::LogSink {
 public:
  explicit Forwarding(const ForwardingOptions& options = {})
      : logger_(waybill::logger(options.logger)) {
    if (options.only) turn_off_glogs_own_outputs();
    google::AddLogSink(this);
  }
  Forwarding(const Forwarding&) = delete;
  Forwarding& operator=(const Forwarding&) = delete;
  ~Forwarding() override { google::RemoveLogSink(this); }

 private:
  using google::LogSink::send;

  void send(google::LogSeverity severity, const char* file, const char* /*base_name*/, int line,
            const google::LogMessageTime& /*time*/, const char* message,
            std::size_t size) override {
    const Field fields[] = {{"code.file.path", file}, {"code.line.number", line}};
    using Text = std::string_view;
    logger_.log(level_of(severity), Fields(fields, std::size(fields)),
                LogFormatString<Text>("{}", std::source_location{}), Text(message, size));
    if (severity >= google::GLOG_FATAL) fatal_.store(true, std::memory_order_relaxed);
  }

  // glog calls it after each send(), without its lock, and before it ends the process.
  void WaitTillSent() override {
    if (fatal_.load(std::memory_order_relaxed)) flush(std::chrono::seconds(5));
  }

  static Level level_of(google::LogSeverity severity) noexcept {
    if (severity <= google::GLOG_INFO) return Level::kInfo;
    if (severity == google::GLOG_WARNING) return Level::kWarn;
    return severity == google::GLOG_ERROR ? Level::kError : Level::kFatal;
  }

  static void turn_off_glogs_own_outputs() {
    for (google::LogSeverity severity = 0; severity < google::NUM_SEVERITIES; ++severity) {
      google::SetLogDestination(severity, "");
    }
    FLAGS_logtostderr = false;
    FLAGS_alsologtostderr = false;
    FLAGS_logtostdout = false;
    FLAGS_stderrthreshold = google::NUM_SEVERITIES;
  }

  Logger logger_;
  std::atomic<bool> fatal_ = false;
};

}  // namespace waybill::glog_bridge
