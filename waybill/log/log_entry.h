// LogEntry: what a log call puts into the ring, behind the record's header; after it come the
// arguments, and then the fields of the call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <source_location>

#include <waybill/core/field.h>
#include <waybill/core/recorded_context.h>
#include <waybill/log/argument.h>
#include <waybill/log/level.h>
#include <waybill/pipeline/record_writer.h>

namespace waybill {

namespace internal {
struct NamedLogger;
}

namespace detail {

struct LogEntry {
  const internal::NamedLogger* logger;
  RecordedContext logger_fields;  // the logger's own
  const char* format;
  DecodeArguments decode;  // null: in place of arguments there is the message
  std::source_location where;
  std::uint32_t format_size;
};

// More are left out.
inline constexpr std::size_t kMostCallFields = 255;

constexpr RecordShape log_shape(std::size_t payload, Level level, std::size_t fields) noexcept {
  return {
      .size = static_cast<std::uint32_t>(whole_record(payload)),
      .kind = RecordKind::kLog,
      .detail = {static_cast<std::uint8_t>(level),
                 static_cast<std::uint8_t>(fields < kMostCallFields ? fields : kMostCallFields)},
      .clock = 0};
}
inline Level level_of(const RecordShape& shape) noexcept {
  return static_cast<Level>(shape.detail[0]);
}
inline std::size_t field_count_of(const RecordShape& shape) noexcept {
  return shape.detail[1];
}

std::size_t fields_size(Fields fields) noexcept;
void put_fields(char*& out, Fields fields) noexcept;

}  // namespace detail
}  // namespace waybill
