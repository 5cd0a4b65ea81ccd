#include <algorithm>
#include <string>

#include <cli/record_printer.h>
#include <cli/record_text.h>
#include <cli/trace_matcher.h>

namespace waybill::cli {

namespace {

constexpr std::size_t kTimeWidth = 23;
constexpr std::size_t kWidestService = 24;
constexpr std::size_t kLeastFieldsWidth = 12;

std::string fields_of(const Record& record) {
  std::string text;
  for (const RecordField& field : record.fields) text.append(" ").append(field_text(field));
  if (!record.logger.empty() && record.logger != record.service) {
    text.append(" ").append(
        field_text({.key = "logger", .text = record.logger, .kind = RecordField::Kind::kString}));
  }
  if (!text.empty()) text.erase(0, 1);
  return text;
}

constexpr std::size_t kShortId = 12;

}  // namespace

// What one copies for `waybill trace`, which takes the start of an id as well.
std::string RecordPrinter::trace_of(const Record& record) const {
  if (record.trace_id.empty()) return {};
  const bool whole = !terminal_.fits_width || is_trace_name(record.trace_id);
  return "  trace=" + escape(record.trace_id.substr(0, whole ? std::string::npos : kShortId));
}

void RecordPrinter::print(const Record& record) {
  const std::string_view ellipsis = terminal_.ascii ? "..." : "…";
  line_.add(style::kDim, record.time ? format_time(*record.time) : "-");
  line_.pad_to(kTimeWidth + 2);
  add_severity(line_, record.severity);
  line_.pad_to(line_.width() + 2);

  const std::string service = escape(record.service);
  service_width_ = std::max(service_width_, std::min(display_width(service), kWidestService));
  const std::size_t after_service = line_.width() + service_width_ + 2;
  line_.add_cut(colours_.of(record.service), service, kWidestService, ellipsis);
  line_.pad_to(after_service);
  line_.add(record.severity >= Severity::kError ? style::kBold : "", escape(record.message));

  const std::string trace = trace_of(record);
  const std::size_t used = line_.width() + display_width(trace) + 3;
  const std::size_t rest = terminal_.width > used ? terminal_.width - used : 0;
  const std::string fields = fields_of(record);
  if (!fields.empty()) {
    line_.add({}, "   ");
    line_.add_cut(style::kDim, fields,
                  terminal_.fits_width ? std::max(rest, kLeastFieldsWidth) : std::string::npos,
                  ellipsis);
  }
  line_.add(style::kDim, trace);
  out_ << line_.take();
}

}  // namespace waybill::cli
