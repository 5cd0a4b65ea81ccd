#include <charconv>
#include <utility>

#include <cli/comparison_value.h>
#include <cli/record_keys.h>

namespace waybill::cli {

namespace {

using Operator = Comparison::Operator;
using Subject = Comparison::Subject;

Subject subject_of(std::string_view key) noexcept {
  switch (record_key(key)) {
    case RecordKey::kTime:
      return Subject::kTime;
    case RecordKey::kSeverity:
      return Subject::kSeverity;
    case RecordKey::kMessage:
      return Subject::kMessage;
    case RecordKey::kLogger:
      return Subject::kLogger;
    case RecordKey::kService:
      return Subject::kService;
    case RecordKey::kTraceId:
      return Subject::kTraceId;
    case RecordKey::kSpanId:
      return Subject::kSpanId;
    case RecordKey::kParentSpanId:
      return Subject::kParentSpanId;
    case RecordKey::kField:
      break;
  }
  return Subject::kField;
}

std::optional<double> number_in(const std::string& text) noexcept {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<std::string> set_value(Comparison& comparison, std::string text, bool may_be_number,
                                     Nanoseconds now) {
  comparison.subject = subject_of(comparison.key);
  comparison.text = std::move(text);
  if (may_be_number) comparison.number = number_in(comparison.text);
  const bool any_text =
      comparison.op == Operator::kContains || (comparison.is_label && comparison.text.empty());
  if (comparison.subject == Subject::kTime && !any_text) {
    const auto time = parse_moment(comparison.text, now);
    if (!time) return "a time such as 2026-11-20T23:58:00Z, or how long ago, such as 15m";
    comparison.time = *time;
  } else if (comparison.subject == Subject::kSeverity && !any_text) {
    comparison.severity = parse_severity(comparison.text);
    if (!comparison.severity) return "TRACE, DEBUG, INFO, WARN, ERROR or FATAL";
  } else if (comparison.subject == Subject::kTraceId) {
    comparison.trace_id = TraceId::from_name(comparison.text);
  }
  return std::nullopt;
}

}  // namespace waybill::cli
