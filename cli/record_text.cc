#include <cli/record_text.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kSeverityWidth = 5;

bool needs_quotes(std::string_view text) noexcept {
  return text.empty() || text.find_first_of(" \"=") != std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out += '"';
}

}  // namespace

std::string field_text(const RecordField& field) {
  const std::string value = escape(field.text);
  const bool quote = field.kind == RecordField::Kind::kString && needs_quotes(value);
  return escape(field.key).append("=").append(quote ? in_quotes(value) : value);
}

std::string_view severity_style(Severity severity) noexcept {
  switch (severity) {
    case Severity::kTrace:
    case Severity::kDebug:
      return style::kDim;
    case Severity::kWarn:
      return style::kYellow;
    case Severity::kError:
      return style::kBoldRed;
    case Severity::kFatal:
      return style::kInverseRed;
    case Severity::kNone:
    case Severity::kInfo:
      break;
  }
  return {};
}

void add_severity(StyledLine& line, Severity severity) {
  const std::size_t end = line.width() + kSeverityWidth;
  line.add(severity_style(severity), severity_name(severity));
  line.pad_to(end);
}

}  // namespace waybill::cli
