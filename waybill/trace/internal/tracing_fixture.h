// For tests: tracing into memory.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/memory_span_exporter.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

class TracingTest : public testing::Test {
 protected:
  TracingTest() { set_up({}); }
  ~TracingTest() override { configure_tracing({}); }

  // With these options, and spans going to memory.
  void set_up(TracingOptions options) {
    options.exporters = {exporter_};
    configure_tracing(std::move(options));
  }

  // What has ended, in that order.
  std::vector<SpanData> ended() {
    flush();
    return exporter_->take();
  }
  // The only span that has.
  SpanData only() {
    std::vector<SpanData> all = ended();
    EXPECT_EQ(all.size(), 1U);
    return all.size() == 1 ? std::move(all[0]) : SpanData{};
  }

  std::shared_ptr<MemorySpanExporter> exporter_ = memory_span_exporter();
};

}  // namespace waybill::internal
