#include <iterator>
#include <string>

#include <fmt/format.h>

#include <cli/record_keys.h>
#include <cli/record_parser.h>
#include <cli/trace_key_search.h>

namespace waybill::cli {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

// What Google Cloud's loggers put there is as good as what stands beside it: the service, the
// logger, fields.
constexpr std::string_view kGoogleLabels = "logging.googleapis.com/labels";

std::optional<double> number_of(element value) noexcept {
  double number = 0;
  return value.is_number() && value.get(number) == simdjson::SUCCESS ? std::optional(number)
                                                                     : std::nullopt;
}

std::optional<std::string_view> text_of(element value) noexcept {
  std::string_view text;
  return value.get(text) == simdjson::SUCCESS ? std::optional(text) : std::nullopt;
}

bool read_time(element value, Record& record) noexcept {
  if (record.time) return false;
  if (const auto text = text_of(value)) {
    record.time = parse_time(*text);
  } else if (std::int64_t whole = 0; value.get(whole) == simdjson::SUCCESS) {
    record.time = time_from_number(static_cast<long double>(whole));
  } else if (const auto number = number_of(value)) {
    record.time = time_from_number(*number);
  }
  return record.time.has_value();
}

bool read_severity(element value, Record& record) noexcept {
  if (record.severity != Severity::kNone) return false;
  std::optional<Severity> severity;
  if (const auto text = text_of(value)) {
    severity = parse_severity(*text);
  } else if (const auto number = number_of(value); number && *number >= 0 && *number < 100) {
    severity = severity_from_number(static_cast<std::int64_t>(*number));
  }
  record.severity = severity.value_or(Severity::kNone);
  return severity.has_value();
}

// The first one in the line wins; what follows it is a field like others.
bool read_text(element value, std::string_view& part, Record& record) {
  const auto text = text_of(value);
  if (!text || !part.empty()) return false;
  part = record.texts.copy(*text);
  return true;
}

bool is_all_zero(std::string_view id) noexcept {
  return id.find_first_not_of("0-") == std::string_view::npos;
}

// An id: null and the all-zero one say that there is none.
bool read_id(element value, std::string_view& part, Record& record) {
  if (value.is_null()) return true;
  if (!read_text(value, part, record)) return false;
  if (is_all_zero(part)) part = {};
  return true;
}

// False when the key is no well-known one, or its value is not what it should be.
bool read_known(std::string_view key, element value, Record& record) {
  switch (record_key(key)) {
    case RecordKey::kTime:
      return read_time(value, record);
    case RecordKey::kSeverity:
      return read_severity(value, record);
    case RecordKey::kMessage:
      return read_text(value, record.message, record);
    case RecordKey::kLogger:
      return read_text(value, record.logger, record);
    case RecordKey::kService:
      return read_text(value, record.service, record);
    case RecordKey::kTraceId:
      if (!read_id(value, record.trace_id, record)) return false;
      record.trace_id = trace_in_resource_name(record.trace_id);
      return true;
    case RecordKey::kSpanId:
      return read_id(value, record.span_id, record);
    case RecordKey::kParentSpanId:
      return read_id(value, record.parent_span_id, record);
    case RecordKey::kField:
      break;
  }
  return false;
}

}  // namespace

bool RecordParser::parse(std::string_view line, std::string_view file_name, Record& record) {
  record.clear();
  simdjson::dom::object object;
  if (json_.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return false;
  record.texts.reserve(2 * line.size() + 64);
  record.line = record.texts.copy(line);
  read_object(object, {}, 1, record);
  if (record.service.empty()) record.service = record.logger;
  if (record.service.empty()) record.service = record.texts.copy(file_name);
  return true;
}

void RecordParser::read_object(simdjson::dom::object object, std::string_view prefix, int depth,
                               Record& record) {
  for (const auto [name, value] : object) {
    if (record.fields.size() >= kMostFields && !prefix.empty()) return;
    const bool too_long = prefix.size() + 1 + name.size() > kLongestKey;
    const std::string_view key = prefix.empty() ? name : record.texts.join(prefix, ".", name);
    simdjson::dom::object nested;
    if (depth < kDeepestField && !too_long && value.get(nested) == simdjson::SUCCESS) {
      read_object(nested, key == kGoogleLabels ? std::string_view() : key, depth + 1, record);
    } else if (!read_known(key, value, record)) {
      add_field(key, value, record);
    }
  }
}

void RecordParser::add_field(std::string_view key, element value, Record& record) {
  if (record.fields.size() >= kMostFields) return;
  RecordField field;
  field.key = record.texts.copy(key);
  fmt::memory_buffer text;
  switch (value.type()) {
    case element_type::STRING:
      field.text = record.texts.copy(*text_of(value));
      break;
    case element_type::INT64:
    case element_type::UINT64:
    case element_type::DOUBLE: {
      field.kind = RecordField::Kind::kNumber;
      field.number = *number_of(value);
      std::int64_t whole = 0;
      std::uint64_t large = 0;
      if (value.get(whole) == simdjson::SUCCESS) {
        fmt::format_to(std::back_inserter(text), "{}", whole);
      } else if (value.get(large) == simdjson::SUCCESS) {
        fmt::format_to(std::back_inserter(text), "{}", large);
      } else {
        fmt::format_to(std::back_inserter(text), "{}", field.number);
      }
      field.text = record.texts.copy({text.data(), text.size()});
      break;
    }
    case element_type::BOOL:
      field.kind = RecordField::Kind::kBool;
      field.text = bool(value) ? "true" : "false";
      break;
    case element_type::NULL_VALUE:
      field.kind = RecordField::Kind::kNull;
      field.text = "null";
      break;
    case element_type::ARRAY:
    case element_type::OBJECT:
      field.kind = RecordField::Kind::kJson;
      field.text = record.texts.copy(simdjson::minify(value));
      break;
  }
  record.fields.push_back(field);
}

}  // namespace waybill::cli
