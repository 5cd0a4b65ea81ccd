// LogEncoder: log records as one request of OTLP in protobuf's wire form: an
// ExportLogsServiceRequest (opentelemetry/proto/collector/logs/v1/logs_service.proto).
//
//   LogEncoder encoder;
//   encoder.add(record);               // in LogRecordSink::write()
//   encoder.end_of_batch();            // in LogRecordSink::flush()
//   encoder.take(request);             // a WireBuffer, whose memory the next request gets
//
// The message is the body, the logger the scope; fields are attributes, each key once, and so is
// "waybill.trace_name" where the trace has a name. A field that is called as one of the record's
// own attributes is "field.<key>". Texts that are not UTF-8 are as in SpanEncoder.
//
// Nothing throws, and once a few requests have been made nothing is allocated. For one thread at a
// time.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <waybill/log/record.h>
#include <waybill/otlp/wire_buffer.h>

namespace waybill {

struct LogEncoderOptions {
  // The attributes code.file.path, code.line.number and code.function.name, where a record has
  // them.
  bool source_location = true;
};

class LogEncoder {
 public:
  // Throws std::bad_alloc.
  explicit LogEncoder(const LogEncoderOptions& options = {});
  LogEncoder(LogEncoder&&) noexcept;
  LogEncoder& operator=(LogEncoder&&) noexcept;
  ~LogEncoder();

  // False: there is no memory, and the record is not in the request.
  bool add(const LogRecord& record) noexcept;

  // These are as SpanEncoder's.
  void end_of_batch() noexcept;
  std::size_t count() const noexcept;
  std::size_t size() const noexcept;
  std::string_view finish() noexcept;
  void take(WireBuffer& request) noexcept;
  void clear() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace waybill
