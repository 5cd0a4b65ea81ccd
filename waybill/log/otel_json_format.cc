#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <waybill/log/internal/code_keys.h>
#include <waybill/log/internal/json_writer.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/level_members.h>
#include <waybill/log/otel_json_format.h>

namespace waybill {
namespace {

using internal::JsonKey;
using internal::JsonWriter;
using internal::KeyTable;

constexpr std::string_view kServiceName = "service.name";
constexpr std::string_view kTraceName = "waybill.trace_name";  // as over OTLP

std::vector<std::string_view> own_attributes(const OtelJsonFormatOptions& options) {
  std::vector<std::string_view> keys = {kTraceName};
  if (options.source_location) internal::add_code_keys(keys);
  return keys;
}

// AnyValue. 64-bit integers are texts in protobuf's JSON mapping.
void write_any_value(JsonWriter& line, const FieldValue& value) {
  switch (value.type()) {
    case FieldValue::Type::kString:
      line.raw("{\"stringValue\":").string(value.as_string());
      break;
    case FieldValue::Type::kUint64:
      if (value.as_uint64() > std::numeric_limits<std::int64_t>::max()) {
        line.raw("{\"stringValue\":").value_as_string(value);
        break;
      }
      [[fallthrough]];
    case FieldValue::Type::kInt64:
      line.raw("{\"intValue\":").value_as_string(value);
      break;
    case FieldValue::Type::kDouble:
      line.raw("{\"doubleValue\":").value(value);
      break;
    case FieldValue::Type::kBool:
      line.raw("{\"boolValue\":").value(value);
      break;
  }
  line.raw("}");
}

// KeyValue, in an array.
void write_attribute(JsonWriter& line, std::string_view key, const FieldValue& value) {
  if (key.empty()) return;  // the attribute is left out
  line.element().raw("{\"key\":").string(key).raw(",\"value\":");
  write_any_value(line, value);
  line.raw("}");
}

void write_resource(JsonWriter& line, const Resource& resource) {
  line.open('[');
  if (!resource.service_name.empty()) {
    write_attribute(line, kServiceName, resource.service_name);
  }
  const auto& attributes = resource.attributes;
  for (auto it = attributes.begin(); it != attributes.end(); ++it) {
    bool is_there = it->first == kServiceName && !resource.service_name.empty();
    for (auto before = attributes.begin(); before != it; ++before) {
      is_there = is_there || before->first == it->first;
    }
    if (!is_there) write_attribute(line, it->first, it->second);
  }
  line.close(']');
}

std::string_view text_of_level(Level level) noexcept {
  return level == Level::kOff ? "" : level_name(level);
}

class OtelJsonFormat final : public LogFormat {
 public:
  explicit OtelJsonFormat(const OtelJsonFormatOptions& options)
      : attributes_(own_attributes(options), {}, {}, options.rename),
        source_location_(options.source_location) {}

  void format(const LogRecord& record, std::string& out) const override {
    JsonWriter line(out);
    line.raw("{\"resourceLogs\":[{\"resource\":{\"attributes\":");
    write_resource(line, record.resource);
    line.raw("},\"scopeLogs\":[{\"scope\":{\"name\":").string(record.logger);
    line.raw("},\"logRecords\":[");
    write_record(line, record);
    line.raw("]}]}]}").end_line();
  }

 private:
  void write_record(JsonWriter& line, const LogRecord& record) const {
    const auto since_1970 =
        std::chrono::duration_cast<std::chrono::nanoseconds>(record.time.time_since_epoch());
    const auto nanoseconds =
        static_cast<std::uint64_t>(std::max<std::int64_t>(since_1970.count(), 0));
    line.open('{')
        .number_as_string(time_, nanoseconds)
        .number_as_string(observed_time_, nanoseconds);
    line.number(severity_number_, static_cast<std::uint64_t>(severity_number(record.level)));
    line.member(severity_text_[record.level]);
    line.key(body_).raw("{\"stringValue\":").string(record.message).raw("}");
    line.key(attributes_key_);
    write_attributes(line, record);
    if (record.has_trace()) {
      line.number(flags_, record.flags.byte()).id(trace_id_, record.trace_id);
      if (record.span_id.is_valid()) line.id(span_id_, record.span_id);
    }
    line.close('}');
  }

  void write_attributes(JsonWriter& line, const LogRecord& record) const {
    line.open('[');
    if (record.has_trace() && !record.trace_name.empty()) {
      write_attribute(line, trace_name_, record.trace_name);
    }
    if (source_location_ && record.where.line() != 0) {
      write_attribute(line, file_, record.where.file_name());
      write_attribute(line, line_, record.where.line());
      write_attribute(line, function_, record.where.function_name());
    }
    attributes_.visit(record, [&line](std::string_view name, const Field& field) {
      write_attribute(line, name, field.value);
    });
    line.close(']');
  }

  KeyTable attributes_;
  bool source_location_;
  std::string_view trace_name_ = attributes_.own(kTraceName);
  std::string_view file_ = attributes_.own(internal::kFilePath);
  std::string_view line_ = attributes_.own(internal::kLineNumber);
  std::string_view function_ = attributes_.own(internal::kFunctionName);
  JsonKey time_{"timeUnixNano"};
  JsonKey observed_time_{"observedTimeUnixNano"};
  JsonKey severity_number_{"severityNumber"};
  internal::LevelMembers severity_text_{JsonKey("severityText"), text_of_level};
  JsonKey body_{"body"};
  JsonKey attributes_key_{"attributes"};
  JsonKey flags_{"flags"};
  JsonKey trace_id_{"traceId"};
  JsonKey span_id_{"spanId"};
};

}  // namespace

std::shared_ptr<const LogFormat> otel_json_format(const OtelJsonFormatOptions& options) {
  return std::make_shared<OtelJsonFormat>(options);
}

}  // namespace waybill
