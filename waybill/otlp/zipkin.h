// ZipkinEncoder: ended spans as one request of Zipkin's API, version 2: a JSON array of spans.
//
// As OpenTelemetry maps them ("OpenTelemetry to Zipkin Transformation"): attributes, and fields of
// the context, are tags; events are annotations; the status is otel.status_code and, of an error,
// the tag "error"; the service is the local endpoint, what a client or producer talks to the remote
// one. Links and the tracestate have no place there.
//
//   ZipkinEncoder encoder;         // used as a SpanEncoder is
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/ended_span.h>

namespace waybill {

// Nothing throws. For one thread at a time.
class ZipkinEncoder {
 public:
  // False: there is no memory, and the span is not in the request.
  bool add(const EndedSpan& span) noexcept;

  // These are as SpanEncoder's.
  void end_of_batch() noexcept {}
  std::size_t count() const noexcept { return count_; }
  std::size_t size() const noexcept { return json_.size(); }
  void take(WireBuffer& request) noexcept;
  void clear() noexcept;

 private:
  std::string json_;  // without the closing bracket
  std::size_t count_ = 0;
};

// Appends the span as one JSON object. Throws std::bad_alloc.
void append_zipkin_json(std::string& out, const SpanData& span);

}  // namespace waybill
