#include <algorithm>
#include <cerrno>
#include <chrono>

#include <unistd.h>

#include <waybill/log/internal/escape.h>
#include <waybill/log/internal/syslog_message.h>
#include <waybill/log/internal/syslog_severity.h>
#include <waybill/log/internal/timestamp.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kNameSize = 32;       // SD-NAME
constexpr std::size_t kAppNameSize = 48;    // APP-NAME
constexpr std::size_t kLongestEscaped = 4;  // "\x1b"
constexpr std::string_view kNotInNames = "=]\"";
constexpr std::string_view kNotInTags = ":[]";

// Appends what escape() makes of the text, as far as `out` stays within `limit` bytes.
template <class Escape>
void append_escaped(std::string& out, std::string_view text, std::size_t limit, Escape escape) {
  const std::size_t before = out.size();
  if (before >= limit) return;
  const std::size_t most = text.size() * kLongestEscaped + kEscapeRoom;
  out.resize(before + std::min(limit - before, most));
  char* const begin = out.data() + before;
  const EscapedPart part =
      escape(text.data(), text.data() + text.size(), begin, out.data() + out.size());
  out.resize(before + static_cast<std::size_t>(part.written - begin));
}

// PRINTUSASCII (section 6) without `excluded`; what is not becomes '_'.
void append_name(std::string& out, std::string_view name, std::size_t longest,
                 std::string_view excluded) {
  for (const char c : name.substr(0, longest)) {
    const bool allowed = c > ' ' && c < 0x7f && excluded.find(c) == std::string_view::npos;
    out.push_back(allowed ? c : '_');
  }
  if (name.empty()) out.push_back('_');
}

// PARAM-VALUE (section 6.3.3): quotes, backslashes and closing brackets are escaped.
void append_value(std::string& out, std::string_view text, std::size_t limit) {
  while (true) {
    const std::size_t bracket = text.find(']');
    append_escaped(out, text.substr(0, bracket), limit, escape_quoted_text);
    if (bracket == std::string_view::npos || out.size() + 2 > limit) return;
    out.append("\\]");
    text.remove_prefix(bracket + 1);
  }
}

}  // namespace

void append_opentelemetry_element(std::string& out, std::string_view trace_id,
                                  std::string_view span_id, TraceFlags flags) {
  out.append("[opentelemetry trace_id=\"").append(trace_id);
  if (!span_id.empty()) out.append("\" span_id=\"").append(span_id);
  out.append("\" trace_flags=\"").append(flags.to_hex()).append("\"]");
}

SyslogMessage::SyslogMessage(SyslogOptions options)
    : options_(std::move(options)), program_(program_invocation_short_name) {}

std::string_view SyslogMessage::build(const LogRecord& record) {
  message_.clear();
  const int priority = 8 * static_cast<int>(options_.facility) + syslog_severity(record.level);
  message_.append("<").append(std::to_string(priority)).append(">");
  if (options_.protocol == SyslogProtocol::kRfc5424) {
    append_header(record);
    const std::size_t before = message_.size();
    append_structured_data(record);
    if (message_.size() == before) message_.push_back('-');
    message_.push_back(' ');
    append_text(record);
  } else {
    // The text first, but not so long that no structured data has room behind it.
    append_old_header(record);
    append_text(record);
    message_.push_back(' ');
    const std::size_t before = message_.size();
    append_structured_data(record);
    if (message_.size() == before) message_.pop_back();
  }
  return message_;
}

// HEADER of section 6, from VERSION on.
void SyslogMessage::append_header(const LogRecord& record) {
  char time[kTimestampSize];
  write_timestamp(time, record.time);
  message_.append("1 ").append(time, sizeof time);
  message_.append(" ").append(options_.hostname).append(" ");
  append_app_name(record, kAppNameSize);
  message_.append(" ").append(std::to_string(::getpid())).append(" - ");
}

// HEADER of RFC 3164 section 4.1.2, and the TAG of section 4.1.3.
void SyslogMessage::append_old_header(const LogRecord& record) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  char time[kTimestampSize];  // 2026-11-20T23:58:01.000042Z
  write_timestamp(time, record.time);
  const int month = 10 * (time[5] - '0') + (time[6] - '0');
  message_.append(kMonths.substr(3 * static_cast<std::size_t>(month - 1), 3)).append(" ");
  message_.push_back(time[8] == '0' ? ' ' : time[8]);
  message_.push_back(time[9]);
  message_.append(" ").append(time + 11, 8).append(" ");
  if (!options_.host.empty()) message_.append(options_.hostname).append(" ");
  append_app_name(record, kNameSize);
  message_.append("[").append(std::to_string(::getpid())).append("]: ");
}

void SyslogMessage::append_app_name(const LogRecord& record, std::size_t longest) {
  std::string_view name = options_.app_name;
  if (name.empty()) name = record.resource.service_name;
  if (name.empty()) name = program_;
  const bool is_tag = options_.protocol == SyslogProtocol::kRfc3164;
  append_name(message_, name, longest, is_tag ? kNotInTags : "");
}

void SyslogMessage::append_structured_data(const LogRecord& record) {
  if (record.has_trace()) {
    char trace_id[TraceId::kHexSize];
    char span_id[SpanId::kHexSize];
    record.trace_id.write_hex(trace_id);
    record.span_id.write_hex(span_id);
    append_opentelemetry_element(message_, {trace_id, sizeof trace_id},
                                 {span_id, record.span_id.is_valid() ? sizeof span_id : 0},
                                 record.flags);
  }
  const std::size_t before = message_.size();
  message_.append("[").append(options_.fields_element);
  const std::size_t empty = message_.size();
  const std::size_t limit = options_.protocol == SyslogProtocol::kRfc5424 ? options_.max_bytes / 2
                                                                          : options_.max_bytes - 1;
  if (!record.logger.empty()) append_parameter("logger", record.logger, limit);
  if (!record.trace_name.empty()) append_parameter("trace_name", record.trace_name, limit);
  record.for_each_field(
      [&](const Field& field) { append_parameter(field.key, field.value, limit); });
  if (message_.size() == empty) {
    message_.resize(before);
  } else {
    message_.push_back(']');
  }
}

// Nothing where that would make the message longer than `limit`.
void SyslogMessage::append_parameter(std::string_view name, const FieldValue& value,
                                     std::size_t limit) {
  const std::size_t before = message_.size();
  message_.push_back(' ');
  append_name(message_, name, kNameSize, kNotInNames);
  message_.append("=\"");
  // What has not ended before there is too much for the limit.
  const std::size_t enough = limit + kEscapeRoom;
  if (value.type() == FieldValue::Type::kString) {
    append_value(message_, value.as_string(), enough);
  } else {
    append_value(message_, value.to_string(), enough);
  }
  message_.push_back('"');
  if (message_.size() > limit) message_.resize(before);
}

void SyslogMessage::append_text(const LogRecord& record) {
  std::string_view text = record.message;
  if (options_.format != nullptr) {
    text_.clear();
    options_.format->format(record, text_);
    text = text_;
    if (text.ends_with('\n')) text.remove_suffix(1);
  }
  const std::size_t limit =
      options_.protocol == SyslogProtocol::kRfc5424 ? options_.max_bytes : options_.max_bytes / 2;
  append_escaped(message_, text, limit, escape_text);
}

}  // namespace waybill::internal
