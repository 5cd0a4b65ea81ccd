// The message envelope: a context inside a JSON payload, as its member "_trace", for queues whose
// messages have no headers.
//
//   {"_trace":{"trace_id":"batch-7","span_id":"00f067aa0ba902b7","traceparent":"00-…",
//              "fields":{"job_id":"J-1042","attempt":3}},"zip":"94107"}
//
// The rest of the payload is not touched: its spacing, key order, duplicate keys and spelling of
// numbers come out byte for byte as they went in.
//
// Payloads are bounded: JSON nested deeper than 64 is refused. At most 64 fields go in or out, with
// keys of up to 128 bytes and values of up to 4096; others are dropped and counted (rejections.h).
// Time is linear in the payload's size. All functions are thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/core/context.h>

namespace waybill {

inline constexpr std::string_view kEnvelopeKey = "_trace";

// The payload with `_trace` as its first member and without any that was there before. `trace_id`
// in it is the trace name, if parse_x_trace_id() takes it, else 32 hex digits. Fields and baggage
// go along: send envelopes only to whom they may be known. A context with neither a trace nor
// fields nor baggage leaves the payload as it is.
//
// Empty when the payload is not one valid JSON object (RFC 8259).
std::optional<std::string> inject_envelope(std::string_view json_object, const Context& context);

// The member by itself, `"_trace":{...}`, for those who write the JSON around it themselves. Empty
// for a context with neither a trace nor fields nor baggage.
std::string envelope_member(const Context& context);

struct Envelope {
  // The sender's: its span is span_id, its parent's parent_span_id. Make a child() of it for the
  // work that the message asks for. Empty when there was no `_trace` or no valid one.
  Context context;
  // The JSON without `_trace`.
  std::string payload;
};

// Takes `_trace` out of a payload. In it, traceparent decides; without a valid one, trace_id and
// span_id. Fields come back as string, int64, uint64 (numbers beyond int64), double (numbers with a
// fraction or an exponent) or bool. Where `_trace` stands several times the last one counts, and
// all are taken out.
//
// Empty when the text is not one valid JSON object (RFC 8259).
std::optional<Envelope> extract_envelope(std::string_view json);

// The same for many payloads, one after another: where `_trace` is what it was in the one before,
// as in messages of one sender, it is not read again. For one thread at a time.
class EnvelopeReader {
 public:
  std::optional<Envelope> extract(std::string_view json);

 private:
  std::string last_member_;  // "_trace":VALUE
  Context last_context_;     // what it says
};

}  // namespace waybill
