#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include <waybill/core/json_escape.h>
#include <waybill/propagation/internal/json_scan.h>
#include <waybill/propagation/internal/json_unescape.h>
#include <waybill/propagation/internal/rejection_counters.h>
#include <waybill/propagation/internal/trace_fields.h>
#include <waybill/propagation/internal/trace_member.h>

namespace waybill::internal {
namespace {

// One character takes at most as many in a JSON string, as \u0000.
constexpr std::size_t kMaxEscapeSize = 6;

bool is_within_bounds(const Field& field) noexcept {
  if (field.key.size() > kMaxFieldKeySize) return false;
  return field.value.type() != FieldValue::Type::kString ||
         field.value.as_string().size() <= kMaxFieldValueSize;
}

void append_double(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    const std::string digits = FieldValue(value).to_string();
    out += digits;
    if (digits.find_first_of(".e") == std::string::npos) out += ".0";
  }
}

void append_value(std::string& out, const FieldValue& value) {
  switch (value.type()) {
    case FieldValue::Type::kString:
      append_json_string(out, value.as_string());
      return;
    case FieldValue::Type::kDouble:
      append_double(out, value.as_double());
      return;
    default:
      out += value.to_string();
      return;
  }
}

template <class T>
std::optional<FieldValue> parse_number(std::string_view text) noexcept {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return FieldValue(value);
}

// The first type that holds the number: integers beyond 64 bits become doubles.
std::optional<FieldValue> read_number(std::string_view text) noexcept {
  if (text.size() > kMaxFieldValueSize) return std::nullopt;
  if (auto value = parse_number<std::int64_t>(text)) return value;
  if (auto value = parse_number<std::uint64_t>(text)) return value;
  return parse_number<double>(text);
}

}  // namespace

void append_fields(std::string& out, Fields fields) {
  std::size_t taken = 0;
  for (const Field& field : fields) {
    if (taken == kMaxFields || !is_within_bounds(field)) continue;
    append_json_string(out, field.key);
    out += ':';
    append_value(out, field.value);
    out += ',';
    ++taken;
  }
  if (taken != fields.size()) {
    count_rejection(&RejectionCounts::envelope_fields_dropped, fields.size() - taken);
  }
}

std::string_view ParsedFields::text_of(std::string_view spelled) {
  std::string storage;
  const std::string_view text = unescape_json(spelled, storage);
  if (text.data() == spelled.data()) return spelled;
  return texts_.emplace_back(std::move(storage));
}

void ParsedFields::read(std::string_view json) {
  JsonObjectReader reader(json, 2);
  JsonMember member;
  std::size_t dropped = 0;
  while (reader.next(&member)) {
    std::optional<FieldValue> value;
    if (fields_.size() == kMaxFields || member.key.size() > kMaxEscapeSize * kMaxFieldKeySize) {
      ++dropped;
      continue;
    }
    if (member.is_string()) {
      const std::string_view spelled = member.string();
      if (spelled.size() <= kMaxEscapeSize * kMaxFieldValueSize) value = text_of(spelled);
    } else if (member.value == "true" || member.value == "false") {
      value = member.value == "true";
    } else {
      value = read_number(member.value);
    }
    const Field field{text_of(member.key), value.value_or(FieldValue())};
    if (value && is_within_bounds(field)) {
      fields_.push_back(field);
    } else {
      ++dropped;
    }
  }
  // What is no object has nothing to read, and is one thing dropped.
  if (!reader.is_valid()) ++dropped;
  if (dropped != 0) count_rejection(&RejectionCounts::envelope_fields_dropped, dropped);
}

}  // namespace waybill::internal
