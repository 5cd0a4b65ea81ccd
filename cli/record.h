// Record: one log record as the commands work with it. It owns its texts, so that it may be kept,
// moved and read into again; it is not copied.
//
// RecordParser (record_parser.h) makes one from a line.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

#include <cli/severity.h>
#include <cli/text_arena.h>
#include <cli/timestamp.h>

namespace waybill::cli {

// What a record carries besides the well-known keys.
struct RecordField {
  enum class Kind : std::uint8_t { kString, kNumber, kBool, kNull, kJson };

  std::string_view key;  // dotted where the value was nested: "http.status"
  std::string_view text;
  Kind kind = Kind::kString;
  double number = 0;  // of kNumber
};

struct Record {
  static constexpr Nanoseconds kNoTime = std::numeric_limits<Nanoseconds>::min();

  std::optional<Nanoseconds> time;
  // `time`, or where the record has none, that of the record before it in its file; kNoTime where
  // that has none either.
  Nanoseconds order_time = kNoTime;
  Severity severity = Severity::kNone;
  // Empty where the record does not say.
  std::string_view message;
  std::string_view logger;
  std::string_view service;  // falls back to the logger, then to the file's name
  std::string_view trace_id;
  std::string_view span_id;
  std::string_view parent_span_id;
  std::vector<RecordField> fields;  // in the line's order
  std::string_view line;            // as it was read

  TextArena texts;  // where the views above lead

  // The field of this key, or null.
  const RecordField* find(std::string_view key) const noexcept {
    for (const RecordField& field : fields) {
      if (field.key == key) return &field;
    }
    return nullptr;
  }

  // As new, but the memory is kept.
  void clear() noexcept;
};

}  // namespace waybill::cli
