// The few words that say what a span was and how it went.
#pragma once

#include <cstdint>

namespace waybill {

// OpenTelemetry's SpanKind, by the numbers of OTLP.
enum class SpanKind : std::uint8_t {
  kInternal = 1,
  kServer = 2,    // serves a request of somebody else
  kClient = 3,    // waits for somebody else's answer
  kProducer = 4,  // puts work on its way
  kConsumer = 5,  // does such work
};

// OpenTelemetry's status, by the numbers of OTLP.
enum class SpanStatus : std::uint8_t { kUnset = 0, kOk = 1, kError = 2 };

}  // namespace waybill
