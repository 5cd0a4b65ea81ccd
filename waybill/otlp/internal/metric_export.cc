#include <waybill/otlp/internal/metric_export.h>
#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/metric_encoder.h>
#include <waybill/otlp/otlp_json.h>

namespace waybill::internal {
namespace {

Encoding encoding_of(const SignalOptions& options) noexcept {
  return options.protocol == OtlpProtocol::kHttpJson ? Encoding::kJson : Encoding::kProtobuf;
}

std::size_t points_of(const MetricSnapshot& snapshot) noexcept {
  std::size_t points = 0;
  for (const MetricData& metric : snapshot.metrics) {
    points += std::visit([](const auto& of_kind) { return of_kind.size(); }, metric.points);
  }
  return points;
}

}  // namespace

MetricExport::MetricExport(const SignalOptions& options)
    : options_(options),
      sender_(Sender::make(options, make_transport(options), encoding_of(options))) {}

bool MetricExport::export_metrics(const MetricSnapshot& snapshot) noexcept {
  bool all = true;
  std::size_t handed_over = 0;
  try {
    encode_metrics(snapshot, options_.batch_bytes, [&](WireBuffer& request, std::size_t points) {
      all = hand_over(request, points) && all;
      handed_over += points;
    });
  } catch (...) {  // no memory
    count_lost(counters_of(OtlpSignal::kMetrics).not_encoded, points_of(snapshot) - handed_over);
    return false;
  }
  return all;
}

bool MetricExport::hand_over(WireBuffer& request, std::size_t points) {
  if (encoding_of(options_) == Encoding::kJson) {
    std::string json;
    make_json(request, OtlpSignal::kMetrics, json);
  }
  return sender_->hand_over(request, static_cast<std::uint32_t>(points));
}

// OpenTelemetry, "Metrics Exporter - OTLP": what goes up and down is told as it stands; and with
// low memory what callbacks say, too, whose differences want what they said before.
Temporality MetricExport::preferred(MetricKind kind, bool observable) const noexcept {
  const bool is_cumulative = options_.temporality == OtlpTemporality::kCumulative ||
                             kind == MetricKind::kUpDownCounter ||
                             (options_.temporality == OtlpTemporality::kLowMemory && observable);
  return is_cumulative ? Temporality::kCumulative : Temporality::kDelta;
}

}  // namespace waybill::internal
