// logfmt: key=value pairs, as Heroku's router writes them and Grafana Loki, go-kit and many others
// read them.
//
//   logfmt_format()
//
//   time=2026-11-20T23:58:01.000042Z level=info msg="Fetched 98101" logger=weather service=fetcher
//   trace_id=abc-123 span_id=00f067aa0ba902b7 parent_span_id=b7ad6b7169203331 zip=98101
//                                                                               (all on one line)
#pragma once

#include <memory>

#include <waybill/core/ids.h>
#include <waybill/log/log_format.h>

namespace waybill {

struct LogfmtFormatOptions {
  TraceIdSpelling trace_id = TraceIdSpelling::kHex;
  // Write code.file.path, code.line.number and code.function.name.
  bool source_location = false;
  KeyNames rename = {};
};

// One line of pairs: time, level, msg, logger, service, trace_id, span_id, parent_span_id, then the
// fields; what a record does not have is left out. A value that is empty or has anything but
// visible ASCII in it, or '=', quotes or backslashes, stands in quotes, escaped as in a JSON
// string. What cannot be in a key (blanks, control characters, '=', quotes, malformed UTF-8) is '_'
// in it. A field that has the name of another pair gets "field." in front of it. Throws Error for a
// bad renaming.
std::shared_ptr<const LogFormat> logfmt_format(const LogfmtFormatOptions& options = {});

}  // namespace waybill
