#include <array>

#include <waybill/log/level.h>
#include <waybill/metrics/internal/recording.h>
#include <waybill/metrics/log_metrics.h>
#include <waybill/metrics/meter.h>

namespace waybill {
namespace {

class LogMetricsSink final : public LogRecordSink {
 public:
  LogMetricsSink()
      : records_(
            Meter("waybill.log_metrics")
                .counter("log.records", {.unit = "{record}", .description = "Log records written."})
                .instrument()) {}

  bool write(const LogRecord& record) noexcept override {
    const std::array<Field, 2> fields = {
        {{"log.level", level_name(record.level)}, {"log.logger", record.logger}}};
    const internal::MeasuredIn trace{record.trace_id, record.span_id};
    internal::add_to(detail::find_series(records_, Fields(fields.data(), fields.size())), 1,
                     record.flags.sampled() ? &trace : nullptr);
    return true;
  }

  std::string name() const override { return "metrics of log records"; }

 private:
  detail::Instrument& records_;
};

}  // namespace

std::shared_ptr<LogRecordSink> log_metrics_sink() {
  return std::make_shared<LogMetricsSink>();
}

}  // namespace waybill
