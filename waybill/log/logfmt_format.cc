#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/core/escape_blocks.h>
#include <waybill/core/json_escape.h>
#include <waybill/log/internal/code_keys.h>
#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/key_table.h>
#include <waybill/log/internal/line_writer.h>
#include <waybill/log/logfmt_format.h>

namespace waybill {
namespace {

using internal::KeyTable;
using internal::LineWriter;
using internal::Literal;

std::vector<std::string_view> own_keys(const LogfmtFormatOptions& options) {
  std::vector<std::string_view> keys = {"time",    "level",    "msg",     "logger",
                                        "service", "trace_id", "span_id", "parent_span_id"};
  if (options.source_location) internal::add_code_keys(keys);
  return keys;
}

// " name=" of one of the format's own keys; empty where it is left out.
Literal pair_start(const KeyTable& keys, std::string_view key) {
  const std::string_view name = keys.own(key);
  return name.empty() ? Literal() : Literal(" " + std::string(name) + "=");
}

class PairWriter {
 public:
  explicit PairWriter(std::string& out) noexcept : line_(out) {}

  // Nothing for an empty start.
  void text(const Literal& start, std::string_view text) {
    if (!start.empty()) put_text(put_start(start), text);
  }
  // The same, but no pair for an empty text.
  void text_if_any(const Literal& start, std::string_view text) {
    if (!text.empty()) this->text(start, text);
  }
  void time(const Literal& start, std::chrono::system_clock::time_point time) {
    if (!start.empty()) put_start(start).put_time(time);
  }
  void number(const Literal& start, std::uint64_t number) {
    if (!start.empty()) put_start(start).put_number(number);
  }
  void id(const Literal& start, const TraceId& id, TraceIdSpelling spelling) {
    if (!start.empty()) put_start(start).put_id(id, spelling);
  }
  void id(const Literal& start, const SpanId& id) {
    if (!start.empty() && id.is_valid()) put_start(start).put_id(id);
  }
  void field(std::string_view name, const FieldValue& value) {
    if (!first_) line_.put(' ');
    first_ = false;
    line_.put_escaped(name, internal::escape_text).put('=');
    if (value.type() == FieldValue::Type::kString) {
      put_text(line_, value.as_string());
    } else {
      line_.put_scalar(value);
    }
  }
  void end_line() {
    line_.put('\n');
    line_.flush();
  }

 private:
  LineWriter& put_start(const Literal& start) {
    if (!first_) return line_.put(start);
    first_ = false;
    return line_.put_without_first(start);
  }

  static void put_text(LineWriter& line, std::string_view text) {
    const char* const end = text.data() + text.size();
    if (!text.empty() && internal::all_plain<' ', '=', '"', '\\'>(text.data(), end)) {
      line.put_escaped(text, internal::escape_text);
    } else {
      line.put('"').put_escaped(text, escape_json).put('"');
    }
  }

  LineWriter line_;
  bool first_ = true;
};

class LogfmtFormat final : public LogFormat {
 public:
  explicit LogfmtFormat(const LogfmtFormatOptions& options)
      : spelling_(options.trace_id),
        keys_(own_keys(options), {}, {}, options.rename, internal::kLogfmtKeys) {}

  void format(const LogRecord& record, std::string& out) const override {
    PairWriter line(out);
    line.time(time_, record.time);
    line.text(level_, lowercase_level_name(record.level));
    line.text(message_, record.message);
    line.text_if_any(logger_, record.logger);
    line.text_if_any(service_, record.resource.service_name);
    if (!record.trace_name.empty() && record.has_trace()) {
      line.text(trace_id_, record.trace_name);
    } else if (record.has_trace()) {
      line.id(trace_id_, record.trace_id, spelling_);
    }
    line.id(span_id_, record.span_id);
    line.id(parent_span_id_, record.parent_span_id);
    if (record.where.line() != 0) {
      line.text(file_, record.where.file_name());
      line.number(line_, record.where.line());
      line.text(function_, record.where.function_name());
    }
    keys_.visit(record, [&line](std::string_view name, const Field& field) {
      line.field(name, field.value);
    });
    line.end_line();
  }

 private:
  TraceIdSpelling spelling_;
  KeyTable keys_;
  Literal time_ = pair_start(keys_, "time");
  Literal level_ = pair_start(keys_, "level");
  Literal message_ = pair_start(keys_, "msg");
  Literal logger_ = pair_start(keys_, "logger");
  Literal service_ = pair_start(keys_, "service");
  Literal trace_id_ = pair_start(keys_, "trace_id");
  Literal span_id_ = pair_start(keys_, "span_id");
  Literal parent_span_id_ = pair_start(keys_, "parent_span_id");
  Literal file_ = pair_start(keys_, internal::kFilePath);
  Literal line_ = pair_start(keys_, internal::kLineNumber);
  Literal function_ = pair_start(keys_, internal::kFunctionName);
};

}  // namespace

std::shared_ptr<const LogFormat> logfmt_format(const LogfmtFormatOptions& options) {
  return std::make_shared<LogfmtFormat>(options);
}

}  // namespace waybill
