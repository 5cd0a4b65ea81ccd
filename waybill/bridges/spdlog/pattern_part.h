// One named part of a pattern: what it prints of a record.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <spdlog/common.h>
#include <spdlog/details/log_msg.h>

#include <waybill/bridges/context_text.h>
#include <waybill/bridges/spdlog/record_context.h>
#include <waybill/core/hex.h>
#include <waybill/core/ids.h>

namespace waybill::spdlog_bridge::detail {

struct PatternPart {
  enum class Kind {
    kTraceId,
    kTraceUuid,
    kSpanId,
    kParentSpanId,
    kTraceFlags,
    kMessage,
    kLogger,
    kFields,
    kField
  };

  Kind kind = Kind::kField;
  std::string name;
  std::string before;         // text to copy
  bool blank_before = false;  // another blank, where there is something to print
  std::size_t width = 0;      // filled up with blanks on the right
};

using Names = std::vector<std::string>;

// Room for `size` characters at the end, to be written in place.
inline char* extend(spdlog::memory_buf_t& out, std::size_t size) {
  const std::size_t start = out.size();
  out.resize(start + size);
  return out.data() + start;
}

inline void append(spdlog::memory_buf_t& out, std::string_view text) {
  if (!text.empty()) std::memcpy(extend(out, text.size()), text.data(), text.size());
}

inline void append_trace_id(spdlog::memory_buf_t& out, const RecordContext& context, bool uuid) {
  if (!context.trace_name().empty()) return bridge::append_text(out, context.trace_name());
  if (!context.has_trace()) return;
  if (uuid) {
    context.trace_id().write_uuid(extend(out, TraceId::kUuidSize));
  } else {
    context.trace_id().write_hex(extend(out, TraceId::kHexSize));
  }
}

inline void append_span_id(spdlog::memory_buf_t& out, const SpanId& id) {
  if (id.is_valid()) id.write_hex(extend(out, SpanId::kHexSize));
}

inline void append_flags(spdlog::memory_buf_t& out, const RecordContext& context) {
  if (context.has_trace()) hex::encode_byte(context.flags().byte(), extend(out, 2));
}

// All fields but those in `named`.
inline void append_fields(spdlog::memory_buf_t& out, const RecordContext& context,
                          const Names& named, bool blank_before) {
  context.for_each_field([&](const Field& field) {
    if (std::find(named.begin(), named.end(), field.key) != named.end()) return;
    if (std::exchange(blank_before, true)) out.push_back(' ');
    bridge::append_field(out, field);
  });
}

// Nothing where the record does not have it.
inline void append_part(spdlog::memory_buf_t& out, const PatternPart& part, const Names& named,
                        const spdlog::details::log_msg& msg, const RecordContext& context) {
  switch (part.kind) {
    case PatternPart::Kind::kTraceId:
      return append_trace_id(out, context, false);
    case PatternPart::Kind::kTraceUuid:
      return append_trace_id(out, context, true);
    case PatternPart::Kind::kSpanId:
      return append_span_id(out, context.span_id());
    case PatternPart::Kind::kParentSpanId:
      return append_span_id(out, context.parent_span_id());
    case PatternPart::Kind::kTraceFlags:
      return append_flags(out, context);
    case PatternPart::Kind::kMessage:
      return bridge::append_text(out, {msg.payload.data(), msg.payload.size()});
    case PatternPart::Kind::kLogger:
      return bridge::append_text(out, {msg.logger_name.data(), msg.logger_name.size()});
    case PatternPart::Kind::kFields:
      return append_fields(out, context, named, part.blank_before);
    case PatternPart::Kind::kField:
      if (const auto value = context.field(part.name)) bridge::append_value(out, *value);
  }
}

// Whether a dash stands for what the record does not have.
inline bool absent_is_dash(PatternPart::Kind kind) noexcept {
  return kind != PatternPart::Kind::kFields && kind != PatternPart::Kind::kMessage &&
         kind != PatternPart::Kind::kLogger;
}

}  // namespace waybill::spdlog_bridge::detail
