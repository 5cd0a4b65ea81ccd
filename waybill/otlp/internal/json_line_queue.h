// JsonLineQueue: requests on their way to a LogSink, each a line of JSON that stands for several
// records. Keeps what the sink has not taken, up to a megabyte.
//
//   queue.add(OtlpSignal::kTraces, request, spans);
//   queue.write_out(now, flushing);
//
// Nothing throws. For one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/log/sink.h>
#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

class JsonLineQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;
  static constexpr std::chrono::milliseconds kFirstRetry{100};
  static constexpr std::chrono::milliseconds kLastRetry{5'000};

  // Throws Error without a sink.
  explicit JsonLineQueue(std::shared_ptr<LogSink> sink);
  JsonLineQueue(const JsonLineQueue&) = delete;
  JsonLineQueue& operator=(const JsonLineQueue&) = delete;
  // Offers what is kept a last time.
  ~JsonLineQueue();

  // A request in protobuf's wire form. False: it is lost, and counted.
  bool add(OtlpSignal signal, std::string_view request, std::size_t records) noexcept;

  // Offers the sink what is kept, unless it has failed and it is not yet time to try it again.
  // False: it has failed.
  bool write_out(Time now, bool at_once) noexcept;

  // What is kept is the parent's to write.
  void forget() noexcept;

  std::string name() const { return "OTLP/JSON to " + sink_->name(); }

 private:
  struct Line {
    std::size_t size;
    std::size_t records;
  };

  bool append(OtlpSignal signal, std::string_view request, std::size_t records);
  void taken(std::size_t bytes) noexcept;
  bool failed(Time now) noexcept;

  std::shared_ptr<LogSink> sink_;
  std::string text_;
  std::deque<Line> lines_;  // in text_; of the first, what has not been taken
  Time next_try_ = {};
  std::chrono::milliseconds retry_after_ = kFirstRetry;
};

}  // namespace waybill::internal
