#include <waybill/otlp/internal/otlp_schema.h>

namespace waybill::internal {
namespace {

using enum FieldType;

constexpr OtlpField one(std::uint32_t number, std::string_view name, const MessageType& message) {
  return {number, kMessage, name, &message, false};
}
constexpr OtlpField many(std::uint32_t number, std::string_view name, const MessageType& message) {
  return {number, kMessage, name, &message, true};
}
constexpr OtlpField many(std::uint32_t number, FieldType type, std::string_view name) {
  return {number, type, name, nullptr, true};
}

// common.proto, resource.proto

extern const MessageType kArrayValue;

constexpr OtlpField kAnyValueFields[] = {
    {1, kText, "stringValue"},   {2, kBool, "boolValue"},           {3, kInt64, "intValue"},
    {4, kDouble, "doubleValue"}, one(5, "arrayValue", kArrayValue),
};
constexpr MessageType kAnyValue{kAnyValueFields};

constexpr OtlpField kArrayValueFields[] = {many(1, "values", kAnyValue)};
constinit const MessageType kArrayValue{kArrayValueFields};

constexpr OtlpField kKeyValueFields[] = {
    {1, kText, "key"},
    one(2, "value", kAnyValue),
};
constexpr MessageType kKeyValue{kKeyValueFields};

constexpr OtlpField kScopeFields[] = {
    {1, kText, "name"},
    {2, kText, "version"},
    many(3, "attributes", kKeyValue),
    {4, kUint32, "droppedAttributesCount"},
};
constexpr MessageType kScope{kScopeFields};

constexpr OtlpField kResourceFields[] = {
    many(1, "attributes", kKeyValue),
    {2, kUint32, "droppedAttributesCount"},
};
constexpr MessageType kResource{kResourceFields};

// trace.proto

constexpr OtlpField kEventFields[] = {
    {1, kFixed64, "timeUnixNano"},
    {2, kText, "name"},
    many(3, "attributes", kKeyValue),
    {4, kUint32, "droppedAttributesCount"},
};
constexpr MessageType kEvent{kEventFields};

constexpr OtlpField kLinkFields[] = {
    {1, kId, "traceId"},
    {2, kId, "spanId"},
    {3, kText, "traceState"},
    many(4, "attributes", kKeyValue),
    {5, kUint32, "droppedAttributesCount"},
    {6, kFixed32, "flags"},
};
constexpr MessageType kLink{kLinkFields};

constexpr OtlpField kStatusFields[] = {
    {2, kText, "message"},
    {3, kUint32, "code"},
};
constexpr MessageType kStatus{kStatusFields};

constexpr OtlpField kSpanFields[] = {
    {1, kId, "traceId"},
    {2, kId, "spanId"},
    {3, kText, "traceState"},
    {4, kId, "parentSpanId"},
    {16, kFixed32, "flags"},
    {5, kText, "name"},
    {6, kUint32, "kind"},
    {7, kFixed64, "startTimeUnixNano"},
    {8, kFixed64, "endTimeUnixNano"},
    many(9, "attributes", kKeyValue),
    {10, kUint32, "droppedAttributesCount"},
    many(11, "events", kEvent),
    {12, kUint32, "droppedEventsCount"},
    many(13, "links", kLink),
    {14, kUint32, "droppedLinksCount"},
    one(15, "status", kStatus),
};
constexpr MessageType kSpan{kSpanFields};

// logs.proto

constexpr OtlpField kLogRecordFields[] = {
    {1, kFixed64, "timeUnixNano"},
    {11, kFixed64, "observedTimeUnixNano"},
    {2, kUint32, "severityNumber"},
    {3, kText, "severityText"},
    one(5, "body", kAnyValue),
    many(6, "attributes", kKeyValue),
    {7, kUint32, "droppedAttributesCount"},
    {8, kFixed32, "flags"},
    {9, kId, "traceId"},
    {10, kId, "spanId"},
    {12, kText, "eventName"},
};
constexpr MessageType kLogRecord{kLogRecordFields};

// metrics.proto

constexpr OtlpField kExemplarFields[] = {
    many(7, "filteredAttributes", kKeyValue),
    {2, kFixed64, "timeUnixNano"},
    {3, kDouble, "asDouble"},
    {6, kSfixed64, "asInt"},
    {4, kId, "spanId"},
    {5, kId, "traceId"},
};
constexpr MessageType kExemplar{kExemplarFields};

constexpr OtlpField kNumberPointFields[] = {
    many(7, "attributes", kKeyValue),
    {2, kFixed64, "startTimeUnixNano"},
    {3, kFixed64, "timeUnixNano"},
    {4, kDouble, "asDouble"},
    {6, kSfixed64, "asInt"},
    many(5, "exemplars", kExemplar),
    {8, kUint32, "flags"},
};
constexpr MessageType kNumberPoint{kNumberPointFields};

constexpr OtlpField kHistogramPointFields[] = {
    many(9, "attributes", kKeyValue),
    {2, kFixed64, "startTimeUnixNano"},
    {3, kFixed64, "timeUnixNano"},
    {4, kFixed64, "count"},
    {5, kDouble, "sum"},
    many(6, kFixed64, "bucketCounts"),
    many(7, kDouble, "explicitBounds"),
    many(8, "exemplars", kExemplar),
    {10, kUint32, "flags"},
    {11, kDouble, "min"},
    {12, kDouble, "max"},
};
constexpr MessageType kHistogramPoint{kHistogramPointFields};

constexpr OtlpField kBucketsFields[] = {
    {1, kSint32, "offset"},
    many(2, kUint64, "bucketCounts"),
};
constexpr MessageType kBuckets{kBucketsFields};

constexpr OtlpField kExponentialPointFields[] = {
    many(1, "attributes", kKeyValue),
    {2, kFixed64, "startTimeUnixNano"},
    {3, kFixed64, "timeUnixNano"},
    {4, kFixed64, "count"},
    {5, kDouble, "sum"},
    {6, kSint32, "scale"},
    {7, kFixed64, "zeroCount"},
    one(8, "positive", kBuckets),
    one(9, "negative", kBuckets),
    {10, kUint32, "flags"},
    many(11, "exemplars", kExemplar),
    {12, kDouble, "min"},
    {13, kDouble, "max"},
    {14, kDouble, "zeroThreshold"},
};
constexpr MessageType kExponentialPoint{kExponentialPointFields};

constexpr OtlpField kGaugeFields[] = {many(1, "dataPoints", kNumberPoint)};
constexpr MessageType kGauge{kGaugeFields};

constexpr OtlpField kSumFields[] = {
    many(1, "dataPoints", kNumberPoint),
    {2, kUint32, "aggregationTemporality"},
    {3, kBool, "isMonotonic"},
};
constexpr MessageType kSum{kSumFields};

constexpr OtlpField kHistogramFields[] = {
    many(1, "dataPoints", kHistogramPoint),
    {2, kUint32, "aggregationTemporality"},
};
constexpr MessageType kHistogram{kHistogramFields};

constexpr OtlpField kExponentialHistogramFields[] = {
    many(1, "dataPoints", kExponentialPoint),
    {2, kUint32, "aggregationTemporality"},
};
constexpr MessageType kExponentialHistogram{kExponentialHistogramFields};

constexpr OtlpField kMetricFields[] = {
    {1, kText, "name"},
    {2, kText, "description"},
    {3, kText, "unit"},
    one(5, "gauge", kGauge),
    one(7, "sum", kSum),
    one(9, "histogram", kHistogram),
    one(10, "exponentialHistogram", kExponentialHistogram),
};
constexpr MessageType kMetric{kMetricFields};

// What they are in

constexpr OtlpField kScopeSpansFields[] = {
    one(1, "scope", kScope), many(2, "spans", kSpan), {3, kText, "schemaUrl"}};
constexpr MessageType kScopeSpans{kScopeSpansFields};
constexpr OtlpField kScopeLogsFields[] = {
    one(1, "scope", kScope), many(2, "logRecords", kLogRecord), {3, kText, "schemaUrl"}};
constexpr MessageType kScopeLogs{kScopeLogsFields};
constexpr OtlpField kScopeMetricsFields[] = {
    one(1, "scope", kScope), many(2, "metrics", kMetric), {3, kText, "schemaUrl"}};
constexpr MessageType kScopeMetrics{kScopeMetricsFields};

constexpr OtlpField kResourceSpansFields[] = {
    one(1, "resource", kResource), many(2, "scopeSpans", kScopeSpans), {3, kText, "schemaUrl"}};
constexpr MessageType kResourceSpans{kResourceSpansFields};
constexpr OtlpField kResourceLogsFields[] = {
    one(1, "resource", kResource), many(2, "scopeLogs", kScopeLogs), {3, kText, "schemaUrl"}};
constexpr MessageType kResourceLogs{kResourceLogsFields};
constexpr OtlpField kResourceMetricsFields[] = {
    one(1, "resource", kResource), many(2, "scopeMetrics", kScopeMetrics), {3, kText, "schemaUrl"}};
constexpr MessageType kResourceMetrics{kResourceMetricsFields};

constexpr OtlpField kTraceRequestFields[] = {many(1, "resourceSpans", kResourceSpans)};
constexpr MessageType kTraceRequest{kTraceRequestFields};
constexpr OtlpField kLogRequestFields[] = {many(1, "resourceLogs", kResourceLogs)};
constexpr MessageType kLogRequest{kLogRequestFields};
constexpr OtlpField kMetricRequestFields[] = {many(1, "resourceMetrics", kResourceMetrics)};
constexpr MessageType kMetricRequest{kMetricRequestFields};

}  // namespace

const MessageType& request_type(OtlpSignal signal) noexcept {
  switch (signal) {
    case OtlpSignal::kTraces:
      return kTraceRequest;
    case OtlpSignal::kLogs:
      return kLogRequest;
    case OtlpSignal::kMetrics:
      break;
  }
  return kMetricRequest;
}

}  // namespace waybill::internal
