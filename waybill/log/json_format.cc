#include <array>
#include <string_view>
#include <vector>

#include <waybill/core/hex.h>
#include <waybill/log/internal/code_keys.h>
#include <waybill/log/internal/json_writer.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/level_members.h>
#include <waybill/log/json_format.h>

namespace waybill {
namespace {

using internal::JsonKey;
using internal::JsonWriter;
using internal::KeyTable;

std::vector<std::string_view> own_keys(const JsonFormatOptions& options) {
  std::vector<std::string_view> keys = {"time",    "severity", "message", "logger",
                                        "service", "trace_id", "span_id", "parent_span_id"};
  if (options.trace_flags) keys.push_back("trace_flags");
  if (options.source_location) internal::add_code_keys(keys);
  return keys;
}

class JsonFormat final : public LogFormat {
 public:
  explicit JsonFormat(const JsonFormatOptions& options)
      : options_(options), keys_(own_keys(options), {}, {}, options.rename) {}

  void format(const LogRecord& record, std::string& out) const override {
    JsonWriter line(out);
    line.open('{').time(time_, record.time).member(severity_[record.level]);
    line.text(message_, record.message).text(logger_, record.logger);
    const std::string& service = record.resource.service_name;
    if (!service.empty()) line.text(service_, service);
    write_ids(line, record);
    code_.write(line, record.where);
    keys_.visit(record, [&line](std::string_view name, const Field& field) {
      line.key(name).value(field.value);
    });
    line.close('}').end_line();
  }

 private:
  void write_ids(JsonWriter& line, const LogRecord& record) const {
    if (record.has_trace()) {
      line.trace(trace_id_, record, options_.trace_id);
    } else if (options_.null_ids) {
      line.null(trace_id_);
    }
    write_span_id(line, span_id_, record.span_id);
    write_span_id(line, parent_span_id_, record.parent_span_id);
    if (trace_flags_ && record.has_trace()) {
      char digits[2];
      hex::encode_byte(record.flags.byte(), digits);
      line.text(trace_flags_, {digits, sizeof digits});
    }
  }

  void write_span_id(JsonWriter& line, const JsonKey& key, const SpanId& id) const {
    if (id.is_valid()) {
      line.id(key, id);
    } else if (options_.null_ids) {
      line.null(key);
    }
  }

  JsonFormatOptions options_;
  KeyTable keys_;
  JsonKey time_{keys_, "time"};
  internal::LevelMembers severity_{JsonKey(keys_, "severity"), level_name};
  JsonKey message_{keys_, "message"};
  JsonKey logger_{keys_, "logger"};
  JsonKey service_{keys_, "service"};
  JsonKey trace_id_{keys_, "trace_id"};
  JsonKey span_id_{keys_, "span_id"};
  JsonKey parent_span_id_{keys_, "parent_span_id"};
  JsonKey trace_flags_{keys_, "trace_flags"};
  internal::CodeKeys code_{keys_};
};

}  // namespace

std::shared_ptr<const LogFormat> json_format(const JsonFormatOptions& options) {
  return std::make_shared<JsonFormat>(options);
}

}  // namespace waybill
