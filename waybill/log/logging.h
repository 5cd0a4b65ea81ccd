// Set-up of logging for the whole process: who the service is, what is written, where to.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/log/format.h>
#include <waybill/log/level.h>
#include <waybill/log/sink.h>

namespace waybill {

// Records of `level` and above: as lines in this form to this place, or each by itself to
// `records`.
struct LogOutput {
  std::shared_ptr<const LogFormat> format = nullptr;
  std::shared_ptr<LogSink> sink = nullptr;
  Level level = Level::kTrace;
  std::shared_ptr<LogRecordSink> records = nullptr;
};

struct LogOptions {
  // Who writes the records; empty leaves it out. See Resource.
  std::string service = {};
  std::vector<std::pair<std::string, std::string>> resource_attributes = {};
  // For every logger that has no level of its own.
  Level level = Level::kInfo;
  // Levels of loggers, as in "info,http=debug,http.client=off": see set_log_levels().
  std::string levels = {};
  // None: text to standard error.
  std::vector<LogOutput> outputs = {};
};

// Replaces the set-up, for loggers that exist already too. Records that were written before still
// go to the outputs before. Thread-safe. Throws Error for an output that has neither a format and a
// sink nor `records`, for `levels` that cannot be read, and when called from a sink or a format.
void configure_logging(LogOptions options);

// Changes levels while the program runs: of all loggers, or of the one of this name.
void set_log_level(Level level) noexcept;
void set_log_level(std::string_view logger, Level level);

// Several at once: a level for all loggers, and levels of loggers by name, separated by commas.
// Names in the text that no logger has yet count when it is made. Throws Error for text that cannot
// be read, and then changes nothing.
void set_log_levels(std::string_view levels);

// Throws what set_log_levels() would, and says that the text is the value of `option`.
void check_log_levels(std::string_view levels, std::string_view option);

}  // namespace waybill
