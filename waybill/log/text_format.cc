#include <array>
#include <cstdlib>
#include <string>
#include <vector>

#include <unistd.h>

#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/key_index.h>
#include <waybill/log/internal/line_writer.h>
#include <waybill/log/internal/text_pattern.h>
#include <waybill/log/text_format.h>

namespace waybill {
namespace {

using internal::escape_text;
using internal::LineWriter;
using internal::Literal;
using internal::TextPart;
using internal::TextPiece;

// ECMA-48 section 8.3.117, SGR.
constexpr std::string_view kPlain = "\x1b[0m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::array<std::string_view, 7> kLevelColours = {
    "\x1b[2m", "\x1b[36m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[1;97;41m", ""};

// A value with blanks or quotes in it is put in quotes, so that key=value pairs can be told apart.
void put_value(LineWriter& line, const FieldValue& value) {
  if (value.type() != FieldValue::Type::kString) {
    line.put_scalar(value);
    return;
  }
  const std::string_view text = value.as_string();
  const bool plain =
      internal::all_plain<' ', '"', '=', '\\'>(text.data(), text.data() + text.size());
  if (!text.empty() && (plain || text.find_first_of(" \"=\\") == std::string_view::npos)) {
    line.put_escaped(text, escape_text);
  } else {
    line.put('"').put_escaped(text, internal::escape_quoted_text).put('"');
  }
}

template <class Id>
void put_span_id(LineWriter& line, const Id& id) {
  if (id.is_valid()) line.put_id(id);
}

void put_clock(LineWriter& line, std::chrono::system_clock::time_point time) {
  constexpr std::size_t kDate = sizeof "2026-11-20T" - 1;
  constexpr std::size_t kClock = sizeof "23:58:01.000" - 1;
  char text[internal::kTimestampSize];
  internal::write_timestamp(text, time);
  line.make_room(kClock);
  std::memcpy(line.at(), text + kDate, kClock);
  line.set_end(line.at() + kClock);
}

class TextFormat final : public LogFormat {
 public:
  explicit TextFormat(const TextFormatOptions& options)
      : pieces_(internal::parse_text_pattern(options.pattern)),
        spelling_(options.trace_id),
        coloured_(options.colour == Colour::kAlways ||
                  (options.colour == Colour::kAuto && shows_colour(options.descriptor))) {
    for (const TextPiece& piece : pieces_) {
      if (piece.part == TextPart::kField) named_.set(piece.field, 1);
    }
    if (!coloured_) return;
    plain_ = Literal(kPlain);
    dim_ = Literal(kDim);
    bold_ = Literal(kBold);
    for (std::size_t i = 0; i < level_colours_.size(); ++i) {
      level_colours_[i] = Literal(kLevelColours[i]);
    }
  }

  void format(const LogRecord& record, std::string& out) const override {
    const std::size_t start = out.size();
    LineWriter line(out);
    for (const TextPiece& piece : pieces_) {
      line.put(piece.literal);
      if (piece.part != TextPart::kNothing) put_piece(line, piece, record);
    }
    line.flush();
    while (out.size() > start && out.back() == ' ') out.pop_back();
    out.push_back('\n');
  }

 private:
  void put_piece(LineWriter& line, const TextPiece& piece, const LogRecord& record) const {
    const Literal& colour = coloured_ ? colour_of(piece.part, record.level) : none_;
    if (!colour.empty()) line.put(colour);
    const std::size_t start = line.written();
    put_part(line, piece, record);
    if (line.written() == start && piece.absent_is_dash()) line.put('-');
    const std::size_t size = line.written() - start;
    if (!colour.empty()) line.put(plain_);
    for (std::size_t i = size; i < piece.width; ++i) line.put(' ');
  }

  void put_part(LineWriter& line, const TextPiece& piece, const LogRecord& record) const {
    switch (piece.part) {
      case TextPart::kNothing:
        return;
      case TextPart::kTime:
        line.put_time(record.time);
        return;
      case TextPart::kClock:
        return put_clock(line, record.time);
      case TextPart::kLevel:
        line.put_escaped(level_name(record.level), escape_text);
        return;
      case TextPart::kLogger:
        line.put_escaped(record.logger, escape_text);
        return;
      case TextPart::kService:
        line.put_escaped(record.resource.service_name, escape_text);
        return;
      case TextPart::kMessage:
        line.put_escaped(record.message, escape_text);
        return;
      case TextPart::kTraceId:
        if (record.has_trace()) line.put_trace(record, spelling_, escape_text);
        return;
      case TextPart::kSpanId:
        return put_span_id(line, record.span_id);
      case TextPart::kParentSpanId:
        return put_span_id(line, record.parent_span_id);
      case TextPart::kThread:
        line.put_number(record.thread_id);
        return;
      case TextPart::kFile:
        line.put_escaped(record.where.file_name(), escape_text);
        return;
      case TextPart::kLine:
        line.put_number(record.where.line());
        return;
      case TextPart::kFunction:
        line.put_escaped(record.where.function_name(), escape_text);
        return;
      case TextPart::kFields:
        return put_other_fields(line, record);
      case TextPart::kField:
        if (const Field* field = record.find(piece.field)) put_bare(line, field->value);
        return;
    }
  }

  static void put_bare(LineWriter& line, const FieldValue& value) {
    if (value.type() == FieldValue::Type::kString) {
      line.put_escaped(value.as_string(), escape_text);
    } else {
      line.put_scalar(value);
    }
  }

  void put_other_fields(LineWriter& line, const LogRecord& record) const {
    bool first = true;
    record.for_each_field([&](const Field& field) {
      if (named_.find(field.key) != internal::KeyIndex::kNone) return;
      if (!first) line.put(' ');
      first = false;
      if (coloured_) line.put(dim_);
      line.put_escaped(field.key, escape_text).put('=');
      if (coloured_) line.put(plain_);
      put_value(line, field.value);
    });
  }

  const Literal& colour_of(TextPart part, Level level) const noexcept {
    switch (part) {
      case TextPart::kLevel:
        return level_colours_[static_cast<std::size_t>(level)];
      case TextPart::kLogger:
        return bold_;
      case TextPart::kTime:
      case TextPart::kClock:
      case TextPart::kTraceId:
      case TextPart::kSpanId:
      case TextPart::kParentSpanId:
      case TextPart::kThread:
        return dim_;
      default:
        return none_;
    }
  }

  std::vector<TextPiece> pieces_;
  internal::KeyIndex named_;  // the fields that have a place of their own
  TraceIdSpelling spelling_;
  bool coloured_;
  // All empty where there are no colours.
  Literal none_;
  Literal plain_;
  Literal dim_;
  Literal bold_;
  std::array<Literal, kLevelColours.size()> level_colours_;
};

}  // namespace

bool shows_colour(int descriptor) noexcept {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  const char* const terminal = std::getenv("TERM");
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return isatty(descriptor) == 1;
}

std::shared_ptr<const LogFormat> text_format(const TextFormatOptions& options) {
  return std::make_shared<TextFormat>(options);
}

std::shared_ptr<const LogFormat> console_format(Colour colour, int descriptor) {
  return text_format({.pattern = kConsolePattern, .colour = colour, .descriptor = descriptor});
}

}  // namespace waybill
