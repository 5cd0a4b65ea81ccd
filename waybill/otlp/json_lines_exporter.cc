#include <chrono>
#include <utility>

#include <unistd.h>

#include <waybill/otlp/internal/json_line_queue.h>
#include <waybill/otlp/json_lines_exporter.h>
#include <waybill/otlp/metric_encoder.h>
#include <waybill/otlp/span_encoder.h>
#include <waybill/pipeline/consumer.h>

namespace waybill {
namespace {

using internal::JsonLineQueue;

constexpr std::size_t kMostRecords = 512;
constexpr std::size_t kMostBytes = std::size_t{256} * 1024;  // of a request, before it is JSON

// Batches of one signal: what SpanEncoder and LogEncoder make, as lines.
template <class Encoder, OtlpSignal kSignal>
class JsonLines {
 public:
  JsonLines(std::shared_ptr<LogSink> sink, Encoder encoder)
      : encoder_(std::move(encoder)), queue_(std::move(sink)) {}
  ~JsonLines() {
    forget_what_is_the_parents();
    end_line();
  }

  template <class Record>
  bool add(const Record& record) noexcept {
    forget_what_is_the_parents();
    if (!encoder_.add(record)) return false;
    if (encoder_.count() >= kMostRecords || encoder_.size() >= kMostBytes) write_out(false);
    return true;
  }

  bool write_out(bool at_once) noexcept {
    forget_what_is_the_parents();
    end_line();
    return queue_.write_out(std::chrono::steady_clock::now(), at_once);
  }

  std::string name() const { return queue_.name(); }

 private:
  void end_line() noexcept {
    if (encoder_.count() != 0) queue_.add(kSignal, encoder_.finish(), encoder_.count());
    encoder_.clear();
  }

  // In the child of a fork.
  void forget_what_is_the_parents() noexcept {
    const pid_t here = getpid();
    if (here == process_) return;
    process_ = here;
    encoder_.clear();
    queue_.forget();
  }

  Encoder encoder_;
  JsonLineQueue queue_;
  pid_t process_ = getpid();
};

class SpanLines final : public SpanExporter {
 public:
  explicit SpanLines(std::shared_ptr<LogSink> sink) : lines_(std::move(sink), SpanEncoder()) {}

  void consume(const EndedSpan& span) noexcept override {
    if (!lines_.add(span)) detail::count_sink({.lost = 1});
  }
  void end_of_batch(bool flushing) noexcept override { lines_.write_out(flushing); }
  std::string name() const override { return lines_.name(); }

 private:
  JsonLines<SpanEncoder, OtlpSignal::kTraces> lines_;
};

class LogLines final : public LogRecordSink {
 public:
  LogLines(std::shared_ptr<LogSink> sink, const LogEncoderOptions& options)
      : lines_(std::move(sink), LogEncoder(options)) {}

  bool write(const LogRecord& record) override { return lines_.add(record); }
  bool flush() noexcept override {
    lines_.write_out(false);
    return true;
  }
  std::string name() const override { return lines_.name(); }

 private:
  JsonLines<LogEncoder, OtlpSignal::kLogs> lines_;
};

class MetricLines final : public MetricExporter {
 public:
  explicit MetricLines(std::shared_ptr<LogSink> sink)
      : sink_(std::move(sink)),
        queue_(std::make_unique<JsonLineQueue>(sink_)),
        name_(queue_->name()) {}

  bool export_metrics(const MetricSnapshot& snapshot) noexcept override {
    if (queue_ == nullptr) return false;
    bool all_kept = true;
    try {
      encode_metrics(snapshot, kMostBytes, [&](WireBuffer& request, std::size_t points) {
        all_kept = queue_->add(OtlpSignal::kMetrics, request.view(), points) && all_kept;
      });
    } catch (...) {  // no memory
      all_kept = false;
    }
    // Once an interval: a sink that has failed is not spared.
    const bool written = queue_->write_out(std::chrono::steady_clock::now(), true);
    return written && all_kept;
  }
  // The parent's thread may have been using the queue.
  void after_fork_in_child() noexcept override {
    static_cast<void>(queue_.release());
    try {
      queue_ = std::make_unique<JsonLineQueue>(sink_);
    } catch (...) {  // no memory: nothing is exported from here on
    }
  }
  std::string name() const override { return name_; }

 private:
  const std::shared_ptr<LogSink> sink_;
  std::unique_ptr<JsonLineQueue> queue_;  // null in the child of a fork that had no memory for it
  const std::string name_;
};

}  // namespace

std::shared_ptr<SpanExporter> json_lines_span_exporter(std::shared_ptr<LogSink> sink) {
  return std::make_shared<SpanLines>(std::move(sink));
}

std::shared_ptr<LogRecordSink> json_lines_log_sink(std::shared_ptr<LogSink> sink,
                                                   const LogEncoderOptions& options) {
  return std::make_shared<LogLines>(std::move(sink), options);
}

std::shared_ptr<MetricExporter> json_lines_metric_exporter(std::shared_ptr<LogSink> sink) {
  return std::make_shared<MetricLines>(std::move(sink));
}

}  // namespace waybill
