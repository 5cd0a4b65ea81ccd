#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <waybill/core/ascii.h>
#include <waybill/log/internal/journald_entry.h>
#include <waybill/log/internal/syslog_severity.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kNameSize = 64;
constexpr std::string_view kPrefix = "FIELD_";

constexpr std::string_view kOwnNames[] = {"MESSAGE",   "PRIORITY", "LOGGER",         "TID",
                                          "TRACE_ID",  "SPAN_ID",  "PARENT_SPAN_ID", "TRACE_FLAGS",
                                          "TRACE_NAME"};
constexpr std::string_view kReservedPrefixes[] = {"CODE_", "SYSLOG_", "OBJECT_", "COREDUMP_"};

bool is_reserved(std::string_view name) noexcept {
  return std::find(std::begin(kOwnNames), std::end(kOwnNames), name) != std::end(kOwnNames) ||
         std::any_of(std::begin(kReservedPrefixes), std::end(kReservedPrefixes),
                     [name](std::string_view prefix) { return name.starts_with(prefix); });
}

bool is_letter(char c) noexcept {
  return c >= 'A' && c <= 'Z';
}

char name_character(char c) noexcept {
  const char upper = ascii::uppercase(c);
  return is_letter(upper) || (c >= '0' && c <= '9') ? upper : '_';
}

}  // namespace

void append_journald_name(std::string& out, std::string_view key) {
  const std::size_t start = out.size();
  // The journal itself writes what begins with '_'.
  key.remove_prefix(std::min(key.size(), key.find_first_not_of('_')));
  for (const char c : key.substr(0, kNameSize)) out.push_back(name_character(c));
  const std::string_view name = std::string_view(out).substr(start);
  if (name.empty() || !is_letter(name.front()) || is_reserved(name)) out.insert(start, kPrefix);
  if (out.size() - start > kNameSize) out.resize(start + kNameSize);
}

JournaldEntry::JournaldEntry(std::string identifier)
    : identifier_(std::move(identifier)), program_(program_invocation_short_name) {}

std::string_view JournaldEntry::build(const LogRecord& record) {
  entry_.clear();
  append("MESSAGE", record.message);
  append_number("PRIORITY", static_cast<std::uint64_t>(syslog_severity(record.level)));
  const std::string& service = record.resource.service_name;
  append("SYSLOG_IDENTIFIER", !identifier_.empty() ? identifier_
                              : !service.empty()   ? service
                                                   : program_);
  if (!record.logger.empty()) append("LOGGER", record.logger);
  if (record.thread_id != 0) append_number("TID", record.thread_id);
  if (record.where.line() != 0) {
    append("CODE_FILE", record.where.file_name());
    append_number("CODE_LINE", record.where.line());
    append("CODE_FUNC", record.where.function_name());
  }
  if (record.has_trace()) append_trace(record);
  record.for_each_field([this](const Field& field) {
    append_journald_name(entry_, field.key);
    if (field.value.type() == FieldValue::Type::kString) {
      append_value(field.value.as_string());
    } else {
      append_value(field.value.to_string());
    }
  });
  return entry_;
}

void JournaldEntry::append_trace(const LogRecord& record) {
  append("TRACE_ID", record.trace_id.to_hex());
  if (record.span_id.is_valid()) append("SPAN_ID", record.span_id.to_hex());
  if (record.parent_span_id.is_valid()) append("PARENT_SPAN_ID", record.parent_span_id.to_hex());
  append("TRACE_FLAGS", record.flags.to_hex());
  if (!record.trace_name.empty()) append("TRACE_NAME", record.trace_name);
}

void JournaldEntry::append(std::string_view name, std::string_view value) {
  entry_.append(name);
  append_value(value);
}

void JournaldEntry::append_number(std::string_view name, std::uint64_t value) {
  append(name, std::to_string(value));
}

// "=value", or, for a value with newlines, a newline, its size as 64 bits (the least significant
// byte first) and the bytes.
void JournaldEntry::append_value(std::string_view value) {
  if (value.find('\n') == std::string_view::npos) {
    entry_.push_back('=');
  } else {
    entry_.push_back('\n');
    for (std::uint64_t size = value.size(), i = 0; i < 8; ++i, size >>= 8) {
      entry_.push_back(static_cast<char>(size & 0xff));
    }
  }
  entry_.append(value);
  entry_.push_back('\n');
}

}  // namespace waybill::internal
