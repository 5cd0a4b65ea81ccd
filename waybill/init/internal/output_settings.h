// One output of log records, from its settings: checked, but not opened.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include <waybill/init/init_options.h>
#include <waybill/init/internal/format_settings.h>
#include <waybill/init/internal/setting_value.h>
#include <waybill/log/file_sink.h>
#include <waybill/log/journald_sink.h>
#include <waybill/log/syslog_sink.h>

namespace waybill::internal {

struct StandardStream {
  int descriptor;
};

struct OutputSettings {
  std::string option = "log.output";
  std::string place = {};
  std::shared_ptr<const LogFormat> format = nullptr;  // null where the sink takes records
  Level level = Level::kTrace;
  std::variant<StandardStream, FileSinkOptions, SyslogOptions, JournaldOptions> sink =
      StandardStream{2};
};

inline constexpr SettingValue::Choice<LogSinkName> kLogSinks[] = {
    {"stderr", LogSinkName::kStderr},
    {"stdout", LogSinkName::kStdout},
    {"file", LogSinkName::kFile},
    {"syslog", LogSinkName::kSyslog},
    {"journald", LogSinkName::kJournald}};

// A table of log.output. `format` is what holds for a table that says nothing about it. Throws
// Error for unknown keys and bad values.
OutputSettings read_output(const SettingValue& table, LogFormatName format);

// The output of log.sink and log.file. Throws Error if they do not go together.
OutputSettings simple_output(LogSinkName sink, const std::string& file, LogFormatName format);

// Opens the file or connection. Throws Error, with the output's place.
LogOutput open_output(const OutputSettings& settings);

}  // namespace waybill::internal
