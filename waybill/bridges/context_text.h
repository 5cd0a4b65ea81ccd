// What a bridge writes of a context: ids and fields as text for people, which stays on its line
// whatever is in it.
//
//   std::string line;
//   waybill::bridge::append_trace_id(line, Context::current());    // "batch-job-2025-10-21"
//   waybill::bridge::append_fields(line, Context::current().fields());   // "job_id=42 name=\"a
//   b\""
//
// For bridges to further libraries, too. Buffers are std::string, or what appends as it does
// (fmt::memory_buffer). Thread-safe; nothing throws but for want of memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/core/field.h>
#include <waybill/core/hex.h>
#include <waybill/core/ids.h>
#include <waybill/core/utf8.h>

namespace waybill::bridge {
namespace detail {

template <class Out>
void append(Out& out, std::string_view text) {
  out.append(text.data(), text.data() + text.size());
}

// Of a valid character of several bytes: C1 controls, U+2028 and U+2029, and the marks that turn
// the direction of writing (U+202A to U+202E, U+2066 to U+2069).
inline bool misleads(std::string_view character) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(character[i]); };
  if (character.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
  if (character.size() != 3 || byte(0) != 0xe2) return false;
  if (byte(1) == 0x80) return byte(2) >= 0xa8 && byte(2) <= 0xae;
  return byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9;
}

}  // namespace detail

// The text, but control characters, line separators, marks that turn the direction of writing, and
// bytes that are not UTF-8 as \n, \r, \t or \x1b.
template <class Out>
void append_text(Out& out, std::string_view text) {
  const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    detail::append(out, text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) return;

    const Utf8Step step = utf8_step(text.data(), text.data() + text.size());
    const std::string_view character = text.substr(0, step.size);
    if (step.valid && step.size > 1 && !detail::misleads(character)) {
      detail::append(out, character);
      text.remove_prefix(step.size);
      continue;
    }
    const char c = text[0];
    if (c == '\n' || c == '\r' || c == '\t') {
      detail::append(out, c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t");
    } else {
      char code[4] = {'\\', 'x'};
      hex::encode_byte(static_cast<std::uint8_t>(c), code + 2);
      detail::append(out, {code, sizeof code});
    }
    text.remove_prefix(1);
  }
}

// The trace's name where it has one, else 32 hex digits. Nothing without a trace.
template <class Out>
void append_trace_id(Out& out, const Context& context) {
  if (!context.has_trace()) return;
  if (const std::string_view name = context.trace_name(); !name.empty()) {
    return append_text(out, name);
  }
  char digits[TraceId::kHexSize];
  context.trace_id().write_hex(digits);
  detail::append(out, {digits, sizeof digits});
}

// 16 hex digits; nothing for the id that is all zero.
template <class Out>
void append_span_id(Out& out, SpanId id) {
  if (!id.is_valid()) return;
  char digits[SpanId::kHexSize];
  id.write_hex(digits);
  detail::append(out, {digits, sizeof digits});
}

// As append_text(); numbers in their shortest form.
template <class Out>
void append_value(Out& out, const FieldValue& value) {
  if (value.type() == FieldValue::Type::kString) return append_text(out, value.as_string());
  detail::append(out, value.to_string());
}

// key=value. A value with blanks or quotes in it is put in quotes, so that pairs can be told apart;
// what would end a key becomes '_'.
template <class Out>
void append_field(Out& out, const Field& field) {
  for (std::string_view key = field.key; !key.empty();) {
    const std::size_t special = key.find_first_of(" =\"");
    append_text(out, key.substr(0, special));
    if (special == std::string_view::npos) break;
    out.push_back('_');
    key.remove_prefix(special + 1);
  }
  out.push_back('=');
  const bool is_text = field.value.type() == FieldValue::Type::kString;
  std::string_view text = is_text ? field.value.as_string() : std::string_view("0");
  if (!text.empty() && text.find_first_of(" \"=\\") == std::string_view::npos) {
    return append_value(out, field.value);
  }
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t special = text.find_first_of("\"\\");
    append_text(out, text.substr(0, special));
    if (special == std::string_view::npos) break;
    out.push_back('\\');
    out.push_back(text[special]);
    text.remove_prefix(special + 1);
  }
  out.push_back('"');
}

// All of them, with a blank between.
template <class Out>
void append_fields(Out& out, Fields fields) {
  bool first = true;
  for (const Field& field : fields) {
    if (!first) out.push_back(' ');
    first = false;
    append_field(out, field);
  }
}

}  // namespace waybill::bridge
