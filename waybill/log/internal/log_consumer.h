// LogConsumer: makes LogRecords of what comes out of the rings, and gives them to the outputs.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <waybill/log/argument.h>
#include <waybill/log/internal/line_output.h>
#include <waybill/log/internal/outage_report.h>
#include <waybill/log/logger.h>
#include <waybill/log/logging.h>
#include <waybill/log/record.h>
#include <waybill/pipeline/consumer.h>

namespace waybill::internal {

// Where records go, and whose they are.
class LogOutputs {
 public:
  explicit LogOutputs(const LogOptions& options);

  void write(const LogRecord& record) noexcept;
  void end_of_batch(bool flushing) noexcept;
  void forget_pending() noexcept;
  const Resource& resource() const noexcept { return resource_; }

 private:
  struct Lines {
    Level level;
    std::shared_ptr<const LogFormat> format;
    LineOutput output;
  };
  struct Records {
    Level level;
    std::shared_ptr<LogRecordSink> sink;
    OutageReport report;
  };

  static void write_to(Records& records, const LogRecord& record) noexcept;

  Resource resource_;
  std::vector<std::unique_ptr<Lines>> lines_;
  std::vector<Records> records_;
};

class LogConsumer final : public detail::RecordConsumer {
 public:
  // The logger is for what the library itself has to say.
  LogConsumer(std::unique_ptr<LogOutputs> outputs, const Logger& own) noexcept
      : outputs_(std::move(outputs)), crash_logger_(own) {}

  void consume(const detail::RecordHeader& header, const detail::RecordOrigin& origin,
               std::chrono::system_clock::time_point time) noexcept override;
  void end_of_batch(bool flushing) noexcept override { outputs_->end_of_batch(flushing); }
  void before_crash(const detail::Crash& crash) noexcept override;
  void after_fork_in_child() noexcept override { outputs_->forget_pending(); }

  // While nothing is consumed. Returns those before.
  std::unique_ptr<LogOutputs> exchange(std::unique_ptr<LogOutputs> outputs) noexcept {
    return std::exchange(outputs_, std::move(outputs));
  }

 private:
  std::unique_ptr<LogOutputs> outputs_;
  detail::MessageBuilder message_;
  Logger crash_logger_;
};

}  // namespace waybill::internal
