#include <algorithm>
#include <charconv>
#include <compare>

#include <cli/filter_match.h>
#include <cli/logql_lexer.h>
#include <cli/text.h>
#include <cli/trace_matcher.h>

namespace waybill::cli {

namespace {

using Operator = Comparison::Operator;
using Subject = Comparison::Subject;

bool holds(Operator op, std::partial_ordering order) noexcept {
  switch (op) {
    case Operator::kEqual:
      return std::is_eq(order);
    case Operator::kNotEqual:
      return std::is_neq(order);
    case Operator::kLess:
      return std::is_lt(order);
    case Operator::kLessOrEqual:
      return std::is_lteq(order);
    case Operator::kGreater:
      return std::is_gt(order);
    case Operator::kGreaterOrEqual:
      return std::is_gteq(order);
    case Operator::kContains:
      break;
  }
  return false;
}

bool compare_absent(const Comparison& c) noexcept {
  if (c.is_label && c.text.empty()) return c.op == Operator::kEqual;
  return c.op == Operator::kNotEqual;
}

bool compare_text(const Comparison& c, std::string_view text) noexcept {
  if (text.empty() && !c.text.empty()) return compare_absent(c);
  if (c.op == Operator::kContains) return contains_ignoring_case(text, c.text);
  return holds(c.op, text <=> std::string_view(c.text));
}

// Span ids are hex digits, whose case says nothing.
bool compare_span_id(const Comparison& c, std::string_view id) {
  if (c.op == Operator::kContains || id.empty()) return compare_text(c, id);
  return holds(c.op, lowercase(id) <=> lowercase(c.text));
}

bool compare_trace_id(const Comparison& c, std::string_view id) noexcept {
  const bool equality = c.op == Operator::kEqual || c.op == Operator::kNotEqual;
  if (!equality || id.empty() || id == c.text) return compare_text(c, id);
  return holds(c.op, TraceId::from_name(id) == c.trace_id ? std::partial_ordering::equivalent
                                                          : std::partial_ordering::unordered);
}

bool is_ordering(Operator op) noexcept {
  return op != Operator::kEqual && op != Operator::kNotEqual && op != Operator::kContains;
}

std::optional<double> number_of(const RecordField& field, Operator op) noexcept {
  if (field.kind == RecordField::Kind::kNumber) return field.number;
  if (field.kind != RecordField::Kind::kString || !is_ordering(op)) return std::nullopt;
  double number = 0;
  const char* const end = field.text.data() + field.text.size();
  const auto [stop, error] = std::from_chars(field.text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

// Loki's json stage writes '_' for what cannot stand in a label's name.
bool is_label_of(std::string_view label, std::string_view key) noexcept {
  return std::ranges::equal(label, key, [](char in_label, char in_key) {
    return in_label == in_key || (in_label == '_' && !is_label_character(in_key));
  });
}

const RecordField* find_field(const Comparison& c, const Record& record) noexcept {
  const RecordField* const field = record.find(c.key);
  if (field != nullptr || !c.is_label) return field;
  const auto found = std::ranges::find_if(
      record.fields, [&](const RecordField& each) { return is_label_of(c.key, each.key); });
  return found == record.fields.end() ? nullptr : &*found;
}

bool compare_field(const Comparison& c, const Record& record) noexcept {
  const RecordField* const field = find_field(c, record);
  if (field == nullptr) return compare_absent(c);
  if (c.op == Operator::kContains) return contains_ignoring_case(field->text, c.text);
  // The same text is the same number, however many digits a double would lose.
  const bool same_text = field->text == c.text;
  if (const auto number = number_of(*field, c.op); number && c.number && !same_text) {
    return holds(c.op, *number <=> *c.number);
  }
  return holds(c.op, field->text <=> std::string_view(c.text));
}

bool compare_time(const Comparison& c, const Record& record) {
  if (!record.time) return compare_absent(c);
  if (c.op == Operator::kContains) {
    return contains_ignoring_case(format_time(*record.time), c.text);
  }
  return holds(c.op, *record.time <=> c.time);
}

bool compare_severity(const Comparison& c, const Record& record) noexcept {
  if (record.severity == Severity::kNone) return compare_absent(c);
  if (!c.severity) return compare_text(c, severity_name(record.severity));
  return holds(c.op, record.severity <=> *c.severity);
}

bool compare(const Comparison& c, const Record& record) {
  switch (c.subject) {
    case Subject::kField:
      return compare_field(c, record);
    case Subject::kTime:
      return compare_time(c, record);
    case Subject::kSeverity:
      return compare_severity(c, record);
    case Subject::kMessage:
      return compare_text(c, record.message);
    case Subject::kLogger:
      return compare_text(c, record.logger);
    case Subject::kService:
      return compare_text(c, record.service);
    case Subject::kTraceId:
      return compare_trace_id(c, record.trace_id);
    case Subject::kSpanId:
      return compare_span_id(c, record.span_id);
    case Subject::kParentSpanId:
      return compare_span_id(c, record.parent_span_id);
  }
  return false;
}

struct Evaluation {
  const Record& record;

  bool operator()(const All& all) const {
    return std::ranges::all_of(all.filters, [this](const Filter& f) { return matches(f, record); });
  }
  bool operator()(const Any& any) const {
    return std::ranges::any_of(any.filters, [this](const Filter& f) { return matches(f, record); });
  }
  bool operator()(const Not& negation) const { return !matches(negation.filter.front(), record); }
  bool operator()(const Comparison& comparison) const { return compare(comparison, record); }
  bool operator()(const MessageContains& contains) const {
    return contains_ignoring_case(record.message, contains.text);
  }
  bool operator()(const LineContains& contains) const {
    return record.line.find(contains.text) != std::string_view::npos;
  }
};

}  // namespace

bool matches(const Filter& filter, const Record& record) {
  return std::visit(Evaluation{record}, filter.node);
}

}  // namespace waybill::cli
