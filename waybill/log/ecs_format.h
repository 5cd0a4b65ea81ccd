// JSON lines in the Elastic Common Schema, as Elastic's own ECS loggers write them; Filebeat,
// Elastic Agent and Logstash take them as they are.
//
//   ecs_format()
//
//   {"@timestamp":"2026-11-20T23:58:01.000042Z","log.level":"info","message":"Fetched 98101",
//    "ecs.version":"8.11.0","service.name":"fetcher","log.logger":"weather",
//    "trace.id":"4bf92f3577b34da6a3ce929d0e0e4736","span.id":"00f067aa0ba902b7",
//    "process.thread.id":4711,"labels":{"zip":"98101"}}                        (all on one line)
#pragma once

#include <memory>

#include <waybill/log/log_format.h>

namespace waybill {

struct EcsFormatOptions {
  // Write log.origin.file.name, log.origin.file.line and log.origin.function.
  bool source_location = false;
  // Fields stand under "labels", as texts: ECS keeps that place for keys of anybody's, and has
  // keywords there. False: they stand among the others, with their types, and one that has the name
  // of an ECS object that is written here ("log", "service.version") gets "field." in front of it;
  // for programs whose fields are ECS fields.
  bool labels = true;
  KeyNames rename = {};
};

// One JSON object a line: @timestamp, log.level, message, ecs.version; service.name,
// service.version, service.environment and service.node.name from the resource; log.logger;
// trace.id, always 32 hex digits, and span.id; process.thread.id; error.type, error.message and
// error.stack_trace from the fields exception.type, exception.message and exception.stacktrace;
// the other fields, and trace_name for a trace that has one. `rename` is for the outer keys and for
// fields. Throws Error for a bad renaming.
std::shared_ptr<const LogFormat> ecs_format(const EcsFormatOptions& options = {});

}  // namespace waybill
