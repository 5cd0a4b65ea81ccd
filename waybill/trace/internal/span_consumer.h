// Takes ended spans out of the rings and gives them to the exporters.
//
// Called as RecordConsumer says: by one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <waybill/pipeline/consumer.h>
#include <waybill/pipeline/resource.h>
#include <waybill/trace/internal/active_span.h>
#include <waybill/trace/internal/tail_decision.h>
#include <waybill/trace/span_exporter.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

class SpanConsumer final : public detail::RecordConsumer {
 public:
  // Lives as long as the process.
  static SpanConsumer& get() noexcept;

  // While nothing is consumed.
  void set_up(const TracingOptions& options, std::unique_ptr<TailDecision> tail);

  void consume(const detail::RecordHeader& header, const detail::RecordOrigin& origin,
               std::chrono::system_clock::time_point time) noexcept override;
  void end_of_batch(bool flushing) noexcept override;
  void after_fork_in_child() noexcept override;

  // While nothing is consumed.
  TailCounts tail_counts() const noexcept;

 private:
  void hand_over(const EndedSpan& span) noexcept;

  std::unique_ptr<const Resource> resource_ = std::make_unique<Resource>();
  std::vector<std::shared_ptr<SpanExporter>> exporters_;
  std::unique_ptr<TailDecision> tail_;
  std::string events_;  // a copy of what a span carries, its events' times put right
};

}  // namespace waybill::internal
