#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include <waybill/metrics/internal/instrument_registry.h>
#include <waybill/metrics/internal/recording.h>
#include <waybill/metrics/span_metrics.h>

namespace waybill {
namespace {

std::string_view kind_name(SpanKind kind) noexcept {
  switch (kind) {
    case SpanKind::kInternal:
      return "SPAN_KIND_INTERNAL";
    case SpanKind::kServer:
      return "SPAN_KIND_SERVER";
    case SpanKind::kClient:
      return "SPAN_KIND_CLIENT";
    case SpanKind::kProducer:
      return "SPAN_KIND_PRODUCER";
    case SpanKind::kConsumer:
      return "SPAN_KIND_CONSUMER";
  }
  return "SPAN_KIND_UNSPECIFIED";
}

std::string_view status_name(SpanStatus status) noexcept {
  switch (status) {
    case SpanStatus::kUnset:
      return "STATUS_CODE_UNSET";
    case SpanStatus::kOk:
      return "STATUS_CODE_OK";
    case SpanStatus::kError:
      return "STATUS_CODE_ERROR";
  }
  return "STATUS_CODE_UNSET";
}

std::optional<FieldValue> as_field(const AttributeValue& value) noexcept {
  switch (value.type()) {
    case AttributeValue::Type::kString:
      return FieldValue(value.as_string());
    case AttributeValue::Type::kInt64:
      return FieldValue(value.as_int64());
    case AttributeValue::Type::kUint64:
      return FieldValue(value.as_uint64());
    case AttributeValue::Type::kDouble:
      return FieldValue(value.as_double());
    case AttributeValue::Type::kBool:
      return FieldValue(value.as_bool());
    default:
      return std::nullopt;
  }
}

std::optional<FieldValue> find(const EndedSpan& span, std::string_view key) noexcept {
  if (const auto own = find_attribute(span, key)) return as_field(*own);
  const Field* field = span.context_fields.find(key);
  return field != nullptr ? std::optional(field->value) : std::nullopt;
}

class SpanMetricsExporter final : public SpanExporter {
 public:
  SpanMetricsExporter(const SpanMetricsOptions& options, Meter meter)
      : keys_(options.attributes),
        calls_(counter(options, meter, ".calls", "Spans that have ended.")),
        errors_(counter(options, meter, ".errors", "Spans whose status is an error.")),
        duration_(histogram(options, meter)) {
    fields_.reserve(keys_.size() + 3);
  }

  void consume(const EndedSpan& span) noexcept override {
    // Within the room that is set aside.
    fields_.clear();
    fields_.push_back({"span.name", span.name});
    fields_.push_back({"span.kind", kind_name(span.kind)});
    for (const std::string& key : keys_) {
      if (const auto value = find(span, key)) fields_.push_back({key, *value});
    }
    const internal::MeasuredIn trace{span.trace_id, span.span_id};
    if (span.status == SpanStatus::kError) add(errors_, trace);
    fields_.push_back({"status.code", status_name(span.status)});
    add(calls_, trace);
    const std::chrono::duration<double> seconds = span.duration();
    internal::record_in(detail::find_series(duration_, fields()), seconds.count(), &trace);
  }

  std::string name() const override { return "metrics of spans"; }

 private:
  static detail::Instrument& counter(const SpanMetricsOptions& options, const Meter& meter,
                                     const char* what, const char* description) {
    return meter
        .counter(options.prefix + what, {.unit = "{call}",
                                         .description = description,
                                         .cardinality_limit = options.cardinality_limit})
        .instrument();
  }
  static detail::Instrument& histogram(const SpanMetricsOptions& options, const Meter& meter) {
    const std::string name = options.prefix + ".duration";
    const std::string description = "How long spans took.";
    return (options.exponential
                ? meter.exponential_histogram(name,
                                              {.unit = "s",
                                               .description = description,
                                               .cardinality_limit = options.cardinality_limit})
                : meter.histogram(name, {.unit = "s",
                                         .description = description,
                                         .bounds = options.bounds,
                                         .cardinality_limit = options.cardinality_limit}))
        .instrument();
  }

  Fields fields() const noexcept { return {fields_.data(), fields_.size()}; }
  void add(detail::Instrument& to, const internal::MeasuredIn& trace) const noexcept {
    internal::add_to(detail::find_series(to, fields()), 1, &trace);
  }

  const std::vector<std::string> keys_;
  detail::Instrument& calls_;
  detail::Instrument& errors_;
  detail::Instrument& duration_;
  std::vector<Field> fields_;
};

}  // namespace

std::vector<double> duration_bounds() {
  return {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10};
}

std::shared_ptr<SpanExporter> span_metrics_exporter(const SpanMetricsOptions& options) {
  return std::make_shared<SpanMetricsExporter>(options, Meter("waybill.span_metrics"));
}

}  // namespace waybill
