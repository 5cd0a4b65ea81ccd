#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>
#include <utility>

#include <waybill/core/error.h>
#include <waybill/log/google_cloud_format.h>
#include <waybill/log/internal/google_http_request.h>
#include <waybill/log/internal/json_writer.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/level_members.h>
#include <waybill/log/internal/resource_member.h>
#include <waybill/log/severity.h>

namespace waybill {
namespace {

using internal::GoogleHttpRequest;
using internal::JsonKey;
using internal::JsonWriter;
using internal::KeyTable;

constexpr std::string_view kOwnKeys[] = {"severity",
                                         "time",
                                         "message",
                                         "logging.googleapis.com/trace",
                                         "logging.googleapis.com/spanId",
                                         "logging.googleapis.com/trace_sampled",
                                         "parent_span_id",
                                         "logging.googleapis.com/labels",
                                         "logging.googleapis.com/sourceLocation",
                                         "logging.googleapis.com/operation",
                                         "logging.googleapis.com/insertId",
                                         "httpRequest",
                                         "serviceContext",
                                         "stack_trace",
                                         "@type"};

// What agents take out of the payload beside these.
constexpr std::string_view kReservedKeys[] = {"timestamp",
                                              "timestampSeconds",
                                              "timestampNanos",
                                              "traceSampled",
                                              "logging.googleapis.com/traceSampled",
                                              "logging.googleapis.com/severity",
                                              "logging.googleapis.com/httpRequest",
                                              "logging.googleapis.com/http_request",
                                              "logging.googleapis.com/logName",
                                              "logging.googleapis.com/monitored_resource",
                                              "logging.googleapis.com/local_resource_id"};

constexpr std::string_view kLabelKeys[] = {"logger", "service", "trace_name"};

constexpr std::string_view kReportedError =
    "type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent";

// Roles of fields: the stack trace, then those of httpRequest.
constexpr std::size_t kHttpRoles = 1;
std::vector<std::string_view> roles(const GoogleCloudFormatOptions& options) {
  std::vector<std::string_view> keys = {"exception.stacktrace"};
  if (!options.http_request) return keys;
  keys.insert(keys.end(), GoogleHttpRequest::kFieldKeys.begin(),
              GoogleHttpRequest::kFieldKeys.end());
  if (!options.duration_field.empty()) keys.push_back(options.duration_field);
  return keys;
}

bool is_project(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._:").find(c) != std::string_view::npos;
  });
}

// "projects/P/traces/", or nothing.
std::string trace_prefix(std::string_view project) {
  if (!is_project(project)) {
    throw Error::bad_option("project", project, "letters, digits and \"-._:\"");
  }
  if (project.empty()) {
    const char* const variable = std::getenv("GOOGLE_CLOUD_PROJECT");
    if (variable != nullptr && is_project(variable)) project = variable;
  }
  if (project.empty()) return {};
  return std::string("projects/").append(project).append("/traces/");
}

std::string_view google_level_name(Level level) noexcept {
  return google_severity(severity_number(level)).name;
}

bool is_true(const Field* field) noexcept {
  return field != nullptr && field->value.type() == FieldValue::Type::kBool &&
         field->value.as_bool();
}

class GoogleCloudFormat final : public LogFormat {
 public:
  explicit GoogleCloudFormat(const GoogleCloudFormatOptions& options)
      : options_(options),
        trace_prefix_(trace_prefix(options.project)),
        keys_(kOwnKeys, kReservedKeys, roles(options), options.rename) {
    add_labels();
    if (!options.insert_id_field.empty()) keys_.leave_out(options.insert_id_field);
  }

  void format(const LogRecord& record, std::string& out) const override {
    JsonWriter line(out);
    line.open('{').member(severity_[record.level]).time(time_, record.time);
    line.text(message_, record.message);
    write_trace(line, record);
    write_labels(line, record);
    if (options_.source_location && source_location_) write_location(line, record.where);
    if (!options_.operation_field.empty() && operation_) write_operation(line, record);
    if (!options_.insert_id_field.empty() && insert_id_) {
      write_field(line, insert_id_, record.find(options_.insert_id_field));
    }
    if (options_.error_reporting && record.level >= Level::kError) write_report(line, record);
    write_fields(line, record);
    line.close('}').end_line();
  }

 private:
  struct LabelField {
    std::string field;
    JsonKey key;
  };

  void add_labels() {
    if (!labels_) return;
    const KeyTable names(kLabelKeys, {}, {}, {});
    std::set<std::string> taken;
    for (const std::string& field : options_.label_fields) {
      keys_.leave_out(field);
      std::string_view renamed = field;
      for (const auto& [key, name] : options_.rename) {
        if (key == field) renamed = name;
      }
      if (renamed.empty()) continue;
      const std::string name = names.name_of(renamed);
      if (!internal::is_option_key(name) || !taken.insert(name).second) {
        throw Error::bad_option("label_fields", field,
                                "each label once, with at most 200 visible characters");
      }
      labels_of_fields_.push_back({field, JsonKey(name)});
    }
  }

  static void write_field(JsonWriter& line, const JsonKey& key, const Field* field) {
    if (field != nullptr) line.key(key).value_as_string(field->value);
  }

  void write_trace(JsonWriter& line, const LogRecord& record) const {
    if (!record.has_trace()) return;
    line.id(trace_, record.trace_id, trace_prefix_);
    if (record.span_id.is_valid()) line.id(span_id_, record.span_id);
    line.boolean(trace_sampled_, record.flags.sampled());
    if (record.parent_span_id.is_valid()) line.id(parent_span_id_, record.parent_span_id);
  }

  void write_labels(JsonWriter& line, const LogRecord& record) const {
    if (!labels_) return;
    line.key(labels_).open('{');
    internal::write_if_any(line, label_logger_, record.logger);
    internal::write_if_any(line, label_service_, record.resource.service_name);
    internal::write_if_any(line, label_trace_name_, record.trace_name);
    for (const LabelField& label : labels_of_fields_) {
      write_field(line, label.key, record.find(label.field));
    }
    line.close('}');
  }

  void write_location(JsonWriter& line, const std::source_location& where) const {
    if (where.line() == 0) return;
    line.key(source_location_).open('{');
    line.text(file_, where.file_name()).number_as_string(line_, where.line());
    line.text(function_, where.function_name()).close('}');
  }

  void write_operation(JsonWriter& line, const LogRecord& record) const {
    const Field* const id = record.find(options_.operation_field);
    if (id == nullptr) return;
    const std::string& producer = options_.operation_producer;
    line.key(operation_).open('{');
    write_field(line, id_, id);
    internal::write_if_any(line, producer_, producer.empty() ? record.logger : producer);
    if (is_true(record.find("operation.first"))) line.boolean(first_, true);
    if (is_true(record.find("operation.last"))) line.boolean(last_, true);
    line.close('}');
  }

  void write_report(JsonWriter& line, const LogRecord& record) const {
    const Resource& resource = record.resource;
    line.member(reported_error_);
    if (!service_context_ || resource.service_name.empty()) return;
    line.key(service_context_).open('{').text(label_service_, resource.service_name);
    internal::write_if_any(line, version_, internal::attribute_of(resource, "service.version"));
    line.close('}');
  }

  void write_fields(JsonWriter& line, const LogRecord& record) const {
    GoogleHttpRequest request;
    const Field* stack_trace = nullptr;
    bool has_request = false;
    keys_.visit(
        record,
        [&line](std::string_view name, const Field& field) { line.key(name).value(field.value); },
        [&](std::size_t role, const Field& field) {
          if (role < kHttpRoles) {
            stack_trace = &field;
          } else {
            request.set(role - kHttpRoles, field);
            has_request = true;
          }
        });
    if (stack_trace_) write_field(line, stack_trace_, stack_trace);
    if (!has_request) return;
    request.write(line, http_request_);
    request.for_each_left([&line](const Field& field) { line.key(field.key).value(field.value); });
  }

  GoogleCloudFormatOptions options_;
  std::string trace_prefix_;
  KeyTable keys_;
  internal::LevelMembers severity_{JsonKey(keys_, "severity"), google_level_name};
  JsonKey time_{keys_, "time"};
  JsonKey message_{keys_, "message"};
  JsonKey trace_{keys_, "logging.googleapis.com/trace"};
  JsonKey span_id_{keys_, "logging.googleapis.com/spanId"};
  JsonKey trace_sampled_{keys_, "logging.googleapis.com/trace_sampled"};
  JsonKey parent_span_id_{keys_, "parent_span_id"};
  JsonKey labels_{keys_, "logging.googleapis.com/labels"};
  JsonKey source_location_{keys_, "logging.googleapis.com/sourceLocation"};
  JsonKey operation_{keys_, "logging.googleapis.com/operation"};
  JsonKey insert_id_{keys_, "logging.googleapis.com/insertId"};
  JsonKey http_request_{keys_, "httpRequest"};
  JsonKey service_context_{keys_, "serviceContext"};
  JsonKey stack_trace_{keys_, "stack_trace"};
  internal::Literal reported_error_ = json_member(JsonKey(keys_, "@type"), kReportedError);
  // Of the objects inside.
  std::vector<LabelField> labels_of_fields_;
  JsonKey label_logger_{"logger"};
  JsonKey label_service_{"service"};
  JsonKey label_trace_name_{"trace_name"};
  JsonKey file_{"file"};
  JsonKey line_{"line"};
  JsonKey function_{"function"};
  JsonKey id_{"id"};
  JsonKey producer_{"producer"};
  JsonKey first_{"first"};
  JsonKey last_{"last"};
  JsonKey version_{"version"};
};

}  // namespace

std::shared_ptr<const LogFormat> google_cloud_format(const GoogleCloudFormatOptions& options) {
  return std::make_shared<GoogleCloudFormat>(options);
}

}  // namespace waybill
