// memory_span_exporter(): keeps ended spans, for tests of programs that make them.
//
//   auto spans = waybill::memory_span_exporter();
//   waybill::configure_tracing({.exporters = {spans}});
//   ...
//   waybill::flush();
//   EXPECT_EQ(spans->take().at(0).name, "fetch weather");
#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include <waybill/trace/span_exporter.h>

namespace waybill {

// Thread-safe. What is not taken stays, without bound.
class MemorySpanExporter : public SpanExporter {
 public:
  void consume(const EndedSpan& span) noexcept override;
  void after_fork_in_child() noexcept override;
  std::string name() const override { return "memory"; }

  // The spans in the order of their ends, and forgets them.
  std::vector<SpanData> take();

 private:
  std::mutex mutex_;
  std::vector<SpanData> spans_;
};

inline std::shared_ptr<MemorySpanExporter> memory_span_exporter() {
  return std::make_shared<MemorySpanExporter>();
}

}  // namespace waybill
