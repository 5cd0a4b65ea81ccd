// JSON lines for Datadog: its standard attributes, and the ids by which it joins logs to traces.
//
//   datadog_format()
//
//   {"timestamp":"2026-11-20T23:58:01.000042Z","status":"info","message":"Fetched 98101",
//    "service":"fetcher","dd.service":"fetcher","dd.env":"production","dd.version":"1.4.0",
//    "logger.name":"weather","dd.trace_id":"11803532876627986230",
//    "dd.span_id":"67667974448284343","zip":98101}                            (all on one line)
#pragma once

#include <memory>

#include <waybill/log/log_format.h>

namespace waybill {

struct DatadogFormatOptions {
  // Write code.file.path, code.line.number and code.function.name.
  bool source_location = false;
  KeyNames rename = {};
};

// One JSON object a line: timestamp, status ("critical" for fatal: "fatal" would be an emergency to
// Datadog), message, service, logger.name; dd.service, dd.env and dd.version from the resource
// (service.name, deployment.environment.name, service.version); dd.trace_id and dd.span_id, the
// lower 64 bits as decimal text; trace_name for a trace that has one; error.kind, error.message and
// error.stack from the fields exception.type, exception.message and exception.stacktrace; then the
// other fields, as json_format() writes them. Throws Error for a bad renaming.
std::shared_ptr<const LogFormat> datadog_format(const DatadogFormatOptions& options = {});

}  // namespace waybill
