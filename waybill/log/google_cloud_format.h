// JSON lines for Google Cloud Logging, as its agents (on GKE, Cloud Run, Compute Engine's Ops
// Agent) read them from standard output or from a file ("Structured logging", special JSON fields).
//
//   google_cloud_format()                                         // project from
//   GOOGLE_CLOUD_PROJECT google_cloud_format({.project = "my-project", .label_fields = {"job_id"}})
//
//   {"severity":"INFO","time":"2026-11-20T23:58:01.000042Z","message":"GET /weather 200",
//    "logging.googleapis.com/trace":"projects/my-project/traces/4bf92f3577b34da6a3ce929d0e0e4736",
//    "logging.googleapis.com/spanId":"00f067aa0ba902b7","logging.googleapis.com/trace_sampled":true,
//    "logging.googleapis.com/labels":{"logger":"web","service":"weather","job_id":"J-7"},
//    "zip":98101,"httpRequest":{"requestMethod":"GET","requestUrl":"/weather","status":200,
//    "latency":"0.123s"}}                                                      (all on one line)
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <waybill/log/log_format.h>

namespace waybill {

struct GoogleCloudFormatOptions {
  // Letters, digits and "-._:". Empty: the environment's GOOGLE_CLOUD_PROJECT; without that too,
  // the trace is its bare id, which agents complete.
  std::string project = {};
  // Write logging.googleapis.com/sourceLocation.
  bool source_location = false;
  // Make httpRequest of fields named by OpenTelemetry's semantic conventions: http.request.method
  // and http.response.status_code (one of them at least), url.full or url.path and url.query,
  // http.request.size, http.response.size (or .body.size), user_agent.original, client.address (or
  // network.peer.address), network.local.address, http.request.header.referer,
  // network.protocol.version, and `duration_field`. What is not of the type that httpRequest wants
  // stays a field.
  bool http_request = true;
  // A number of seconds, for httpRequest's latency.
  std::string duration_field = "http.server.request.duration";
  // Fields that are labels, which are texts that Cloud Logging indexes, instead of parts of the
  // payload.
  std::vector<std::string> label_fields = {};
  // The field whose value is the id of a long operation; records that have it get
  // logging.googleapis.com/operation. Boolean fields operation.first and operation.last mark its
  // ends.
  std::string operation_field = {};
  std::string operation_producer = {};  // empty: the logger
  // The field whose value is the insertId, by which Cloud Logging drops what it gets twice.
  std::string insert_id_field = {};
  // Report records of error and above to Error Reporting: @type and serviceContext.
  bool error_reporting = false;
  KeyNames rename = {};
};

// One JSON object a line. Severity is DEBUG for trace and debug, INFO, WARNING, ERROR, CRITICAL for
// fatal. Labels are logger, service, the trace_name of a trace that has one, and `label_fields`.
// stack_trace is the field exception.stacktrace. parent_span_id, where there is one, and other
// fields are the payload's, as json_format() writes them; a field called like a part of the record,
// or like what an agent would take out of the payload, gets "field." in front of it. `rename` is
// for the outer keys and for fields. Throws Error for a bad project, renaming or label.
std::shared_ptr<const LogFormat> google_cloud_format(const GoogleCloudFormatOptions& options = {});

}  // namespace waybill
