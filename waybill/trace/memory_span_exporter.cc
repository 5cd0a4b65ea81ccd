#include <new>
#include <utility>

#include <waybill/pipeline/consumer.h>
#include <waybill/trace/memory_span_exporter.h>

namespace waybill {

void MemorySpanExporter::consume(const EndedSpan& span) noexcept {
  try {
    SpanData data = to_span_data(span);
    const std::lock_guard lock(mutex_);
    spans_.push_back(std::move(data));
  } catch (...) {  // no memory
    detail::count_sink({.lost = 1});
  }
}

void MemorySpanExporter::after_fork_in_child() noexcept {
  spans_.clear();
}

std::vector<SpanData> MemorySpanExporter::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(spans_, {});
}

}  // namespace waybill
