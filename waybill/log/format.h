// LogFormat: how a record becomes a line. text_format() and json_format() are the ones that come
// with the library; derive from LogFormat for another.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <waybill/log/record.h>

namespace waybill {

class LogFormat {
 public:
  virtual ~LogFormat() = default;

  // Appends one line, newline included. Called from many threads at a time. No text that came from
  // outside may end the line early or imitate another: control characters are to be escaped.
  virtual void format(const LogRecord& record, std::string& out) const = 0;
};

// "[time] [run_id] [trace_id] LEVEL - message", then the remaining fields.
inline constexpr std::string_view kDefaultTextPattern =
    "[{time}] [{run_id}] [{trace_id}] {level} - {message} {fields}";

struct TextFormatOptions {
  // Text with named parts in braces, each optionally with a least width, as in "{level:5}":
  //   time level logger service message trace_id span_id parent_span_id thread file line function
  //   fields            all fields that the pattern does not name elsewhere, as key=value
  //   any other name    the field of that name
  // A part that the record does not have reads "-". A literal brace is written twice.
  std::string_view pattern = kDefaultTextPattern;
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
};

// Throws Error for a pattern with an unclosed or empty part.
std::shared_ptr<const LogFormat> text_format(const TextFormatOptions& options = {});

struct JsonFormatOptions {
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
  // Without a trace, write trace_id, span_id and parent_span_id as null instead of leaving them
  // out.
  bool null_ids = false;
  // Write where the call stands: code.file.path, code.line.number and code.function.name, as
  // OpenTelemetry's semantic conventions name them.
  bool source_location = false;
};

// One JSON object a line: time (RFC 3339, UTC, microseconds), severity, message, logger, service,
// trace_id, span_id, parent_span_id, then the fields. A field that has the name of one of these
// gets "field." in front of it.
std::shared_ptr<const LogFormat> json_format(const JsonFormatOptions& options = {});

}  // namespace waybill
