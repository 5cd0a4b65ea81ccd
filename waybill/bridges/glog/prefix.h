// The prefix of glog's lines, with the context of the call.
#pragma once

#include <cstdio>
#include <ostream>
#include <string>

#include <glog/logging.h>

#include <waybill/bridges/context_text.h>
#include <waybill/core/context.h>

namespace waybill::glog_bridge {

// "[trace_id] [span_id] key=value key=value", of the ambient context; "-" for an id that it does
// not have. The trace's name stands for its id where it has one. For a prefix of one's own; see
// prefix().
inline void write_context(std::ostream& out) {
  const Context& context = Context::current();
  std::string text;
  const auto add_id = [&text](auto append_id) {
    text.push_back('[');
    const std::size_t start = text.size();
    append_id();
    if (text.size() == start) text.push_back('-');
    text.append("] ");
  };
  add_id([&] { bridge::append_trace_id(text, context); });
  add_id([&] { bridge::append_span_id(text, context.span_id()); });
  bridge::append_fields(text, context.fields());
  if (text.back() == ' ') text.pop_back();
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
}

// Declared as glog declares it: its CMake target defines GLOG_CUSTOM_PREFIX_SUPPORT.
#ifdef GLOG_CUSTOM_PREFIX_SUPPORT

// glog's own prefix, then write_context(). For google::InitGoogleLogging(); glog calls it in the
// thread of each LOG() line, before it has its message. Lines that were logged before
// InitGoogleLogging() have glog's own prefix alone.
inline void prefix(std::ostream& out, const google::LogMessageInfo& line, void* /*unused*/) {
  const google::LogMessageTime& time = line.time;
  char text[96];
  int size = std::snprintf(text, sizeof text, "%c", line.severity[0]);
  const auto add = [&](const auto&... arguments) {
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), arguments...);
  };
  if (FLAGS_log_year_in_prefix) add("%04d", 1900 + time.year());
  add("%02d%02d %02d:%02d:%02d.%06d %5d ", 1 + time.month(), time.day(), time.hour(), time.min(),
      time.sec(), static_cast<int>(time.usec()), line.thread_id);
  out.write(text, size) << line.filename << ':' << line.line_number << "] ";
  write_context(out);
}

#endif

}  // namespace waybill::glog_bridge
