// SpanEncoder: ended spans as one request of OTLP in protobuf's wire form: an
// ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1/trace_service.proto).
//
//   SpanEncoder encoder;
//   encoder.add(span);                  // in SpanExporter::consume()
//   encoder.end_of_batch();             // in SpanExporter::end_of_batch()
//   if (encoder.size() > enough) {
//     encoder.take(request);            // a WireBuffer, whose memory the next request gets
//     post(request.view());
//   }
//
// A span's attributes are its own; the fields of the context that it began in, but for those with
// the key of one of its own; and "waybill.trace_name" where the trace has a name. Texts that are
// not UTF-8, with which a receiver would refuse the whole request, get U+FFFD for what is
// malformed. A field without a key is left out: OpenTelemetry has no such attributes.
//
// Nothing throws, and once a few requests have been made nothing is allocated. For one thread at a
// time.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <waybill/otlp/wire_buffer.h>
#include <waybill/trace/ended_span.h>

namespace waybill {

class SpanEncoder {
 public:
  // Throws std::bad_alloc.
  SpanEncoder();
  SpanEncoder(SpanEncoder&&) noexcept;
  SpanEncoder& operator=(SpanEncoder&&) noexcept;
  ~SpanEncoder();

  // False: there is no memory, or what the span carries is not protobuf; the span is not in the
  // request.
  bool add(const EndedSpan& span) noexcept;

  // What spans referred to is another's memory from here on. To be called at the end of each batch.
  void end_of_batch() noexcept;

  // Of the request as it stands now: spans, and bytes.
  std::size_t count() const noexcept;
  std::size_t size() const noexcept;

  // The request; valid until the next call. More spans may be added to it.
  std::string_view finish() noexcept;
  // Exchanges the request for `request`, and begins the next one in the memory of that.
  void take(WireBuffer& request) noexcept;
  // Forgets the spans of the request.
  void clear() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace waybill
