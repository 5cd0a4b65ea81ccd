// SyslogMessage: a record in the form that syslog_sink.h describes.
#pragma once

#include <string>
#include <string_view>

#include <waybill/log/record.h>
#include <waybill/log/syslog_sink.h>

namespace waybill::internal {

// The element that carries a trace through legacy formats (OpenTelemetry, "Trace Context in
// non-OTLP Log Formats"). A span id that is empty is left out.
void append_opentelemetry_element(std::string& out, std::string_view trace_id,
                                  std::string_view span_id, TraceFlags flags);

class SyslogMessage {
 public:
  // The options are checked; no name in them is empty but app_name.
  explicit SyslogMessage(SyslogOptions options);

  // Valid until the next call.
  std::string_view build(const LogRecord& record);

 private:
  void append_header(const LogRecord& record);
  void append_old_header(const LogRecord& record);
  void append_app_name(const LogRecord& record, std::size_t longest);
  void append_structured_data(const LogRecord& record);
  void append_parameter(std::string_view name, const FieldValue& value, std::size_t limit);
  void append_text(const LogRecord& record);

  SyslogOptions options_;
  std::string program_;
  std::string message_;
  std::string text_;
};

}  // namespace waybill::internal
