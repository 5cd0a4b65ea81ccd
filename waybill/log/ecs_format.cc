#include <array>
#include <string_view>
#include <vector>

#include <waybill/log/ecs_format.h>
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

// The release of ECS whose fields these are.
constexpr std::string_view kEcsVersion = "8.11.0";

constexpr std::string_view kOwnKeys[] = {"@timestamp",
                                         "log.level",
                                         "message",
                                         "ecs.version",
                                         "service.name",
                                         "service.version",
                                         "service.environment",
                                         "service.node.name",
                                         "log.logger",
                                         "log.origin.file.name",
                                         "log.origin.file.line",
                                         "log.origin.function",
                                         "trace.id",
                                         "span.id",
                                         "process.thread.id",
                                         "error.type",
                                         "error.message",
                                         "error.stack_trace",
                                         "labels",
                                         "trace_name"};

// The objects that these are parts of. Elasticsearch refuses a document in which one of them is a
// value.
constexpr std::string_view kObjects[] = {
    "log",  "log.origin", "log.origin.file", "ecs",  "service", "service.node", "trace",
    "span", "process",    "process.thread",  "error"};

constexpr std::string_view kLabelKeys[] = {"trace_name"};

class EcsFormat final : public LogFormat {
 public:
  explicit EcsFormat(const EcsFormatOptions& options)
      : options_(options),
        keys_(kOwnKeys, kObjects, internal::kExceptionFields, options.rename),
        label_keys_(kLabelKeys, {}, internal::kExceptionFields, options.rename) {}

  void format(const LogRecord& record, std::string& out) const override {
    JsonWriter line(out);
    line.open('{').time(timestamp_, record.time).member(level_[record.level]);
    line.text(message_, record.message).member(version_);
    write_service(line, record.resource);
    internal::write_if_any(line, logger_, record.logger);
    if (options_.source_location && record.where.line() != 0) write_origin(line, record.where);
    if (record.has_trace()) line.id(trace_id_, record.trace_id);
    if (record.span_id.is_valid()) line.id(span_id_, record.span_id);
    if (record.thread_id != 0) line.number(thread_id_, record.thread_id);
    internal::ExceptionFields exception;
    if (options_.labels) {
      write_labels(line, record, exception);
    } else {
      write_fields(line, record, exception);
    }
    exception.write(line, error_);
    line.close('}').end_line();
  }

 private:
  void write_service(JsonWriter& line, const Resource& resource) const {
    internal::write_if_any(line, service_, resource.service_name);
    if (resource.attributes.empty()) return;
    using internal::attribute_of;
    internal::write_if_any(line, service_version_, attribute_of(resource, "service.version"));
    internal::write_if_any(line, environment_, internal::environment_of(resource));
    internal::write_if_any(line, node_, attribute_of(resource, "service.instance.id"));
  }

  void write_origin(JsonWriter& line, const std::source_location& where) const {
    line.text(file_, where.file_name()).number(line_, where.line());
    line.text(function_, where.function_name());
  }

  void write_labels(JsonWriter& line, const LogRecord& record,
                    internal::ExceptionFields& exception) const {
    bool opened = false;
    const auto open_once = [&] {
      if (!opened) line.key(labels_).open('{');
      opened = true;
    };
    if (labels_ && label_trace_name_ && !record.trace_name.empty()) {
      open_once();
      line.text(label_trace_name_, record.trace_name);
    }
    label_keys_.visit(
        record,
        [&](std::string_view name, const Field& field) {
          if (!labels_) return;
          open_once();
          line.key(name).value_as_string(field.value);
        },
        [&exception](std::size_t role, const Field& field) { exception.set(role, field); });
    if (opened) line.close('}');
  }

  void write_fields(JsonWriter& line, const LogRecord& record,
                    internal::ExceptionFields& exception) const {
    internal::write_if_any(line, trace_name_, record.trace_name);
    keys_.visit(
        record,
        [&line](std::string_view name, const Field& field) { line.key(name).value(field.value); },
        [&exception](std::size_t role, const Field& field) { exception.set(role, field); });
  }

  EcsFormatOptions options_;
  KeyTable keys_;
  KeyTable label_keys_;
  JsonKey timestamp_{keys_, "@timestamp"};
  internal::LevelMembers level_{JsonKey(keys_, "log.level"), lowercase_level_name};
  JsonKey message_{keys_, "message"};
  internal::Literal version_ = json_member(JsonKey(keys_, "ecs.version"), kEcsVersion);
  JsonKey service_{keys_, "service.name"};
  JsonKey service_version_{keys_, "service.version"};
  JsonKey environment_{keys_, "service.environment"};
  JsonKey node_{keys_, "service.node.name"};
  JsonKey logger_{keys_, "log.logger"};
  JsonKey file_{keys_, "log.origin.file.name"};
  JsonKey line_{keys_, "log.origin.file.line"};
  JsonKey function_{keys_, "log.origin.function"};
  JsonKey trace_id_{keys_, "trace.id"};
  JsonKey span_id_{keys_, "span.id"};
  JsonKey thread_id_{keys_, "process.thread.id"};
  JsonKey labels_{keys_, "labels"};
  JsonKey trace_name_{keys_, "trace_name"};
  JsonKey label_trace_name_{label_keys_, "trace_name"};
  std::array<JsonKey, 3> error_{JsonKey(keys_, "error.type"), JsonKey(keys_, "error.message"),
                                JsonKey(keys_, "error.stack_trace")};
};

}  // namespace

std::shared_ptr<const LogFormat> ecs_format(const EcsFormatOptions& options) {
  return std::make_shared<EcsFormat>(options);
}

}  // namespace waybill
