#include <gmock/gmock.h>

#include <waybill/pipeline/pipeline.h>
#include <waybill/trace/memory_span_exporter.h>
#include <waybill/trace/tracing.h>
#include <waybill/worker/internal/worker_fixture.h>

namespace waybill::worker {
namespace {

class AttemptSpanTest : public internal::WorkerTest {
 protected:
  AttemptSpanTest() { configure_tracing({.exporters = {exporter_}}); }
  ~AttemptSpanTest() override { configure_tracing({}); }

  std::shared_ptr<MemorySpanExporter> exporter_ = memory_span_exporter();
};

TEST_F(AttemptSpanTest, AttemptsAreSiblingsEachLinkedToTheOneBefore) {
  int attempts = 0;
  registry_.add(
      "flaky",
      [&](const json&) {
        if (++attempts < 3) throw std::runtime_error("not yet");
      },
      quick_);
  const std::string job_id = tasks_.create_task("flaky");
  work_until([](const Counts& counts) { return counts.succeeded == 1; });
  flush();
  const std::vector<SpanData> spans = exporter_->take();
  ASSERT_EQ(spans.size(), 4U);
  const SpanData& created = spans[0];
  EXPECT_EQ(created.name, "create flaky");
  EXPECT_EQ(created.kind, SpanKind::kProducer);
  EXPECT_EQ(*created.find("messaging.message.id"), OwnedAttributeValue(job_id));
  for (std::size_t i = 1; i <= 3; ++i) {
    const SpanData& attempt = spans[i];
    EXPECT_EQ(attempt.name, "process flaky");
    EXPECT_EQ(attempt.kind, SpanKind::kConsumer);
    EXPECT_EQ(attempt.trace_id, created.trace_id);
    EXPECT_EQ(attempt.parent_span_id, created.span_id);
    EXPECT_EQ(attempt.status, i < 3 ? SpanStatus::kError : SpanStatus::kUnset);
    ASSERT_EQ(attempt.links.size(), i == 1 ? 1U : 2U);
    EXPECT_EQ(attempt.links[0].span_id, created.span_id);
    if (i > 1) {
      EXPECT_EQ(attempt.links[1].span_id, spans[i - 1].span_id);
    }
    EXPECT_EQ(*attempt.find("messaging.operation.type"),
              OwnedAttributeValue(std::string("process")));
  }
}

}  // namespace
}  // namespace waybill::worker
