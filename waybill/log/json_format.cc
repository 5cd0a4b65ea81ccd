#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <waybill/core/json_escape.h>
#include <waybill/log/format.h>
#include <waybill/log/internal/timestamp.h>

namespace waybill {
namespace {

constexpr std::array<std::string_view, 8> kReservedKeys = {
    "time", "severity", "message", "logger", "service", "trace_id", "span_id", "parent_span_id"};

constexpr std::array<std::string_view, 3> kLocationKeys = {"code.file.path", "code.line.number",
                                                           "code.function.name"};

template <class T>
void append_number(std::string& out, T value) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

void append_double(std::string& out, double value) {
  if (std::isfinite(value)) {
    append_number(out, value);
  } else if (std::isnan(
                 value)) {  // JSON has no such numbers: the spelling of proto3's JSON mapping
    out.append("\"NaN\"");
  } else {
    out.append(value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }
}

void append_value(std::string& out, const FieldValue& value) {
  switch (value.type()) {
    case FieldValue::Type::kString:
      return append_json_string(out, value.as_string());
    case FieldValue::Type::kInt64:
      return append_number(out, value.as_int64());
    case FieldValue::Type::kUint64:
      return append_number(out, value.as_uint64());
    case FieldValue::Type::kDouble:
      return append_double(out, value.as_double());
    case FieldValue::Type::kBool:
      out.append(value.as_bool() ? "true" : "false");
      return;
  }
}

class JsonFormat final : public LogFormat {
 public:
  explicit JsonFormat(const JsonFormatOptions& options) : options_(options) {}

  void format(const LogRecord& record, std::string& out) const override {
    out.append("{\"time\":\"");
    internal::append_timestamp(out, record.time);
    out.append("\",\"severity\":\"").append(level_name(record.level)).push_back('"');
    append_text(out, ",\"message\":", record.message);
    append_text(out, ",\"logger\":", record.logger);
    if (!record.service.empty()) append_text(out, ",\"service\":", record.service);
    append_ids(out, record.context);
    if (options_.source_location) append_location(out, record.where);
    record.for_each_field([&](const Field& field) { append_field(out, field); });
    out.append("}\n");
  }

 private:
  static void append_text(std::string& out, std::string_view prefix, std::string_view text) {
    out.append(prefix);
    append_json_string(out, text);
  }

  bool is_reserved(std::string_view key) const noexcept {
    const auto among = [key](const auto& keys) {
      return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    return among(kReservedKeys) || (options_.source_location && among(kLocationKeys));
  }

  void append_field(std::string& out, const Field& field) const {
    out.append(is_reserved(field.key) ? ",\"field." : ",\"");
    append_json_escaped(out, field.key);
    out.append("\":");
    append_value(out, field.value);
  }

  void append_ids(std::string& out, const Context& context) const {
    if (context.has_trace()) {
      out.append(",\"trace_id\":\"");
      const std::string_view name = context.trace_name();
      if (name.empty()) {
        append_trace_id(out, context, options_.trace_id);
      } else {
        append_json_escaped(out, name);
      }
      out.push_back('"');
    } else if (options_.null_ids) {
      out.append(",\"trace_id\":null");
    }
    append_span_id(out, ",\"span_id\":", context.span_id());
    append_span_id(out, ",\"parent_span_id\":", context.parent_span_id());
  }

  void append_span_id(std::string& out, std::string_view prefix, SpanId id) const {
    if (id.is_valid()) {
      char digits[SpanId::kHexSize];
      id.write_hex(digits);
      out.append(prefix).push_back('"');
      out.append(digits, sizeof digits).push_back('"');
    } else if (options_.null_ids) {
      out.append(prefix).append("null");
    }
  }

  static void append_location(std::string& out, const std::source_location& where) {
    append_text(out, ",\"code.file.path\":", where.file_name());
    out.append(",\"code.line.number\":");
    append_number(out, where.line());
    append_text(out, ",\"code.function.name\":", where.function_name());
  }

  JsonFormatOptions options_;
};

}  // namespace

std::shared_ptr<const LogFormat> json_format(const JsonFormatOptions& options) {
  return std::make_shared<JsonFormat>(options);
}

}  // namespace waybill
