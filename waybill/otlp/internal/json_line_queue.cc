#include <algorithm>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/json_line_queue.h>
#include <waybill/otlp/otlp_json.h>
#include <waybill/pipeline/consumer.h>

namespace waybill::internal {

JsonLineQueue::JsonLineQueue(std::shared_ptr<LogSink> sink) : sink_(std::move(sink)) {
  if (sink_ == nullptr) throw Error::bad_option("sink", "null", "a sink for lines of JSON");
}

JsonLineQueue::~JsonLineQueue() {
  write_out({}, true);
  for (const Line& line : lines_) detail::count_sink({.lost = line.records});
}

bool JsonLineQueue::add(OtlpSignal signal, std::string_view request, std::size_t records) noexcept {
  const std::size_t before = text_.size();
  try {
    if (append(signal, request, records)) return true;
  } catch (...) {  // no memory
  }
  text_.resize(before);
  detail::count_sink({.lost = records});
  return false;
}

// What is kept may exceed the bound by a line, so that one of any size gets through.
bool JsonLineQueue::append(OtlpSignal signal, std::string_view request, std::size_t records) {
  if (text_.size() >= kMostBytes) return false;
  const std::size_t before = text_.size();
  if (!append_otlp_json(text_, signal, request)) return false;
  text_ += '\n';
  lines_.push_back({text_.size() - before, records});
  return true;
}

bool JsonLineQueue::write_out(Time now, bool at_once) noexcept {
  sink_->tick();
  if (text_.empty()) return true;
  if (!at_once && now < next_try_) return true;
  const SinkResult result = sink_->write(text_);
  const std::size_t bytes = std::min(result.written, text_.size());
  detail::count_sink({.bytes = bytes});
  taken(bytes);
  const bool has_failed = result.error && result.error != std::errc::resource_unavailable_try_again;
  if (has_failed) return failed(now);
  retry_after_ = kFirstRetry;
  next_try_ = {};
  return true;
}

void JsonLineQueue::taken(std::size_t bytes) noexcept {
  text_.erase(0, bytes);
  while (bytes != 0) {
    Line& line = lines_.front();
    const std::size_t part = std::min(bytes, line.size);
    bytes -= part;
    line.size -= part;
    if (line.size == 0) lines_.pop_front();
  }
}

bool JsonLineQueue::failed(Time now) noexcept {
  detail::count_sink({.failures = 1});
  next_try_ = now + retry_after_;
  retry_after_ = std::min(2 * retry_after_, kLastRetry);
  return false;
}

void JsonLineQueue::forget() noexcept {
  text_.clear();
  lines_.clear();
}

}  // namespace waybill::internal
