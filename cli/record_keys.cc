#include <utility>

#include <cli/record_keys.h>

namespace waybill::cli {

namespace {

constexpr std::pair<std::string_view, RecordKey> kKeys[] = {
    {"time", RecordKey::kTime},
    {"severity", RecordKey::kSeverity},
    {"message", RecordKey::kMessage},
    {"logger", RecordKey::kLogger},
    {"service", RecordKey::kService},
    {"trace_id", RecordKey::kTraceId},
    {"span_id", RecordKey::kSpanId},
    {"parent_span_id", RecordKey::kParentSpanId},
    {"level", RecordKey::kSeverity},
    {"msg", RecordKey::kMessage},
    {"timestamp", RecordKey::kTime},
    {"@timestamp", RecordKey::kTime},
    {"ts", RecordKey::kTime},
    {"lvl", RecordKey::kSeverity},
    {"log.level", RecordKey::kSeverity},
    {"log.logger", RecordKey::kLogger},
    {"logger_name", RecordKey::kLogger},
    {"service.name", RecordKey::kService},
    {"service_name", RecordKey::kService},
    {"serviceName", RecordKey::kService},
    {"traceId", RecordKey::kTraceId},
    {"traceID", RecordKey::kTraceId},
    {"trace.id", RecordKey::kTraceId},
    {"logging.googleapis.com/trace", RecordKey::kTraceId},
    {"spanId", RecordKey::kSpanId},
    {"spanID", RecordKey::kSpanId},
    {"span.id", RecordKey::kSpanId},
    {"logging.googleapis.com/spanId", RecordKey::kSpanId},
    {"parentSpanId", RecordKey::kParentSpanId},
    {"parent.id", RecordKey::kParentSpanId},
};

}  // namespace

RecordKey record_key(std::string_view key) noexcept {
  for (const auto& [spelling, meaning] : kKeys) {
    if (key == spelling) return meaning;
  }
  return RecordKey::kField;
}

}  // namespace waybill::cli
