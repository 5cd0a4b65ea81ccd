// Which part of a record a JSON key means.
#pragma once

#include <cstdint>
#include <string_view>

namespace waybill::cli {

enum class RecordKey : std::uint8_t {
  kField,  // anything that is not one of the following
  kTime,
  kSeverity,
  kMessage,
  kLogger,
  kService,
  kTraceId,
  kSpanId,
  kParentSpanId,
};

// Waybill's own keys, and those of the loggers whose lines commonly stand beside its: zap, pino,
// bunyan, logrus, Elastic Common Schema, Google Cloud's structured logging. Nested keys are dotted.
RecordKey record_key(std::string_view key) noexcept;

}  // namespace waybill::cli
