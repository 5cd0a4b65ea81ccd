// Set-up of logging for the whole process: who the service is, what is written, where to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/log/format.h>
#include <waybill/log/level.h>
#include <waybill/log/sink.h>

namespace waybill {

// Records of `level` and above, in this form, to this place.
struct LogOutput {
  std::shared_ptr<const LogFormat> format;
  std::shared_ptr<LogSink> sink;
  Level level = Level::kTrace;
};

struct LogOptions {
  // Written into every record as `service`; empty leaves it out.
  std::string service = {};
  // For every logger that set_log_level(name, …) has not given a level of its own.
  Level level = Level::kInfo;
  // None: text to standard error.
  std::vector<LogOutput> outputs = {};
};

// Replaces the set-up, for loggers that exist already too. Thread-safe; records that other threads
// are writing at that moment go to the old outputs. Meant for the start of a program: former
// set-ups are kept in memory, as such records may still be using them. Throws Error for an output
// without a format or a sink.
void configure_logging(LogOptions options);

// Changes levels while the program runs: of all loggers, or of the one of this name.
void set_log_level(Level level) noexcept;
void set_log_level(std::string_view logger, Level level);

// Records that a sink could not write since the start of the process.
std::uint64_t dropped_log_records() noexcept;

}  // namespace waybill
