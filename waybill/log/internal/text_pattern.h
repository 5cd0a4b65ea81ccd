// A pattern of text_format(), taken apart: literal text and the parts of a record, in their order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/log/internal/line_writer.h>

namespace waybill::internal {

enum class TextPart : std::uint8_t {
  kNothing,  // the literal in front is all
  kTime,
  kClock,
  kLevel,
  kLogger,
  kService,
  kMessage,
  kTraceId,
  kSpanId,
  kParentSpanId,
  kThread,
  kFile,
  kLine,
  kFunction,
  kFields,  // all that are not named
  kField,   // the one of this name
};

// A literal, then something of the record.
struct TextPiece {
  Literal literal = {};
  TextPart part = TextPart::kNothing;
  std::string field = {};
  std::size_t width = 0;

  bool absent_is_dash() const noexcept {
    return part != TextPart::kNothing && part != TextPart::kFields && part != TextPart::kMessage;
  }
};

// Throws Error as text_format() says.
std::vector<TextPiece> parse_text_pattern(std::string_view pattern);

}  // namespace waybill::internal
