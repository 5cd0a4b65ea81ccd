#include <cstdint>
#include <string_view>
#include <vector>

#include <waybill/log/datadog_format.h>
#include <waybill/log/internal/code_keys.h>
#include <waybill/log/internal/exception_fields.h>
#include <waybill/log/internal/json_writer.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/level_members.h>
#include <waybill/log/internal/resource_member.h>

namespace waybill {
namespace {

using internal::JsonKey;
using internal::JsonWriter;
using internal::KeyTable;

std::vector<std::string_view> own_keys(const DatadogFormatOptions& options) {
  std::vector<std::string_view> keys = {"timestamp",     "status",     "message",    "service",
                                        "logger.name",   "dd.service", "dd.env",     "dd.version",
                                        "dd.trace_id",   "dd.span_id", "trace_name", "error.kind",
                                        "error.message", "error.stack"};
  if (options.source_location) internal::add_code_keys(keys);
  return keys;
}

std::string_view status(Level level) noexcept {
  return level == Level::kFatal ? "critical" : lowercase_level_name(level);
}

// What Datadog knows of an id: eight bytes, the most significant first.
std::uint64_t number_of(const std::uint8_t* bytes) noexcept {
  std::uint64_t number = 0;
  for (int i = 0; i < 8; ++i) number = number << 8 | bytes[i];
  return number;
}

class DatadogFormat final : public LogFormat {
 public:
  explicit DatadogFormat(const DatadogFormatOptions& options)
      : keys_(own_keys(options), {}, internal::kExceptionFields, options.rename) {}

  void format(const LogRecord& record, std::string& out) const override {
    JsonWriter line(out);
    line.open('{').time(timestamp_, record.time).member(status_[record.level]);
    line.text(message_, record.message);
    write_service(line, record.resource);
    internal::write_if_any(line, logger_, record.logger);
    if (record.has_trace()) {
      line.number_as_string(trace_id_, number_of(record.trace_id.bytes() + TraceId::kSize / 2));
      internal::write_if_any(line, trace_name_, record.trace_name);
    }
    if (record.span_id.is_valid()) {
      line.number_as_string(span_id_, number_of(record.span_id.bytes()));
    }
    code_.write(line, record.where);
    internal::ExceptionFields exception;
    keys_.visit(
        record,
        [&line](std::string_view name, const Field& field) { line.key(name).value(field.value); },
        [&exception](std::size_t role, const Field& field) { exception.set(role, field); });
    exception.write(line, error_);
    line.close('}').end_line();
  }

 private:
  void write_service(JsonWriter& line, const Resource& resource) const {
    internal::write_if_any(line, service_, resource.service_name);
    internal::write_if_any(line, dd_service_, resource.service_name);
    internal::write_if_any(line, dd_env_, internal::environment_of(resource));
    internal::write_if_any(line, dd_version_, internal::attribute_of(resource, "service.version"));
  }

  KeyTable keys_;
  JsonKey timestamp_{keys_, "timestamp"};
  internal::LevelMembers status_{JsonKey(keys_, "status"), status};
  JsonKey message_{keys_, "message"};
  JsonKey service_{keys_, "service"};
  JsonKey dd_service_{keys_, "dd.service"};
  JsonKey dd_env_{keys_, "dd.env"};
  JsonKey dd_version_{keys_, "dd.version"};
  JsonKey logger_{keys_, "logger.name"};
  JsonKey trace_id_{keys_, "dd.trace_id"};
  JsonKey span_id_{keys_, "dd.span_id"};
  JsonKey trace_name_{keys_, "trace_name"};
  internal::CodeKeys code_{keys_};
  std::array<JsonKey, 3> error_{JsonKey(keys_, "error.kind"), JsonKey(keys_, "error.message"),
                                JsonKey(keys_, "error.stack")};
};

}  // namespace

std::shared_ptr<const LogFormat> datadog_format(const DatadogFormatOptions& options) {
  return std::make_shared<DatadogFormat>(options);
}

}  // namespace waybill
