// JSON lines, under the names that Waybill uses itself.
//
//   json_format()
//   json_format({.source_location = true, .rename = {{"severity", "level"}, {"time", "ts"}}})
//
//   {"time":"2026-11-20T23:58:01.000042Z","severity":"INFO","message":"Fetched 98101",
//    "logger":"weather","service":"fetcher","trace_id":"abc-123","span_id":"00f067aa0ba902b7",
//    "parent_span_id":"b7ad6b7169203331","zip":98101}                            (all on one line)
#pragma once

#include <memory>

#include <waybill/core/ids.h>
#include <waybill/log/log_format.h>

namespace waybill {

struct JsonFormatOptions {
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
  // Without a trace, write trace_id, span_id and parent_span_id as null instead of leaving them
  // out.
  bool null_ids = false;
  // Write where the call stands: code.file.path, code.line.number and code.function.name, as
  // OpenTelemetry's semantic conventions name them.
  bool source_location = false;
  // Write trace_flags, two hex digits, behind the ids (OpenTelemetry, Trace Context in non-OTLP Log
  // Formats).
  bool trace_flags = false;
  KeyNames rename = {};
};

// One JSON object a line: time (RFC 3339, UTC, microseconds), severity, message, logger, service,
// trace_id, span_id, parent_span_id, then the fields, with their types. A field that has the name
// of one of these gets "field." in front of it. Infinities and what is not a number are the texts
// "Infinity", "-Infinity" and "NaN"; what is not UTF-8 is U+FFFD. Throws Error for a bad renaming.
std::shared_ptr<const LogFormat> json_format(const JsonFormatOptions& options = {});

}  // namespace waybill
