// OpenTelemetry log records as OTLP/JSON (OTLP 1.x, "JSON Protobuf Encoding"), each line a whole
// ExportLogsServiceRequest: what the Collector's otlpjsonfile receiver reads.
//
//   otel_json_format()
//
//   {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"fetcher"}}]},
//    "scopeLogs":[{"scope":{"name":"weather"},"logRecords":[{"timeUnixNano":"1795219081000042000",
//    "observedTimeUnixNano":"1795219081000042000","severityNumber":9,"severityText":"INFO",
//    "body":{"stringValue":"Fetched
//    98101"},"attributes":[{"key":"zip","value":{"intValue":"98101"}}],
//    "flags":1,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}]}]}]}
//                                                                             (all on one line)
#pragma once

#include <memory>

#include <waybill/log/log_format.h>

namespace waybill {

struct OtelJsonFormatOptions {
  // Write the attributes code.file.path, code.line.number and code.function.name.
  bool source_location = false;
  // For attributes: what OTLP itself names cannot be renamed.
  KeyNames rename = {};
};

// One request a line, with one record in it; the logger is the scope. Fields are attributes, and so
// is waybill.trace_name for a trace that has one. An unsigned integer that is no int64 is a
// stringValue; a field without a key is left out, as OpenTelemetry has no such attributes. Throws
// Error for a bad renaming.
std::shared_ptr<const LogFormat> otel_json_format(const OtelJsonFormatOptions& options = {});

}  // namespace waybill
