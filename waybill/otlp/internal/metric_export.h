// MetricExport: a metric exporter that makes requests of snapshots and hands them to a sender.
#pragma once

#include <memory>
#include <string>

#include <waybill/metrics/metric_data.h>
#include <waybill/otlp/internal/sender.h>
#include <waybill/otlp/internal/signal_options.h>

namespace waybill::internal {

class MetricExport final : public MetricExporter {
 public:
  explicit MetricExport(const SignalOptions& options);
  MetricExport(const MetricExport&) = delete;
  MetricExport& operator=(const MetricExport&) = delete;
  ~MetricExport() override { sender_->close(); }

  // Does not wait for the collector.
  bool export_metrics(const MetricSnapshot& snapshot) noexcept override;
  Temporality preferred(MetricKind kind, bool observable) const noexcept override;
  bool prefers_exponential_histograms() const noexcept override {
    return options_.histogram_aggregation == OtlpHistogramAggregation::kBase2Exponential;
  }
  std::string name() const override { return sender_->place(); }

 private:
  bool hand_over(WireBuffer& request, std::size_t points);

  const SignalOptions options_;
  std::shared_ptr<Sender> sender_;
};

}  // namespace waybill::internal
