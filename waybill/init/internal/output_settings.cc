#include <iterator>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <waybill/core/error.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/output_settings.h>
#include <waybill/init/internal/table_reader.h>

namespace waybill::internal {
namespace {

constexpr std::string_view kSinkKeys[] = {"path",
                                          "max_bytes",
                                          "rotate_every",
                                          "keep_files",
                                          "keep_total_bytes",
                                          "max_age",
                                          "reopen_on_sighup",
                                          "sync",
                                          "host",
                                          "port",
                                          "protocol",
                                          "facility",
                                          "app_name",
                                          "hostname",
                                          "fields_element",
                                          "identifier",
                                          "format"};

constexpr SettingValue::Choice<FileSync> kSyncs[] = {{"none", FileSync::kNone},
                                                     {"each_batch", FileSync::kEachBatch}};

constexpr SettingValue::Choice<SyslogProtocol> kProtocols[] = {
    {"rfc5424", SyslogProtocol::kRfc5424}, {"rfc3164", SyslogProtocol::kRfc3164}};

constexpr SettingValue::Choice<SyslogFacility> kFacilities[] = {
    {"user", SyslogFacility::kUser},     {"mail", SyslogFacility::kMail},
    {"daemon", SyslogFacility::kDaemon}, {"auth", SyslogFacility::kAuth},
    {"cron", SyslogFacility::kCron},     {"authpriv", SyslogFacility::kAuthPriv},
    {"ftp", SyslogFacility::kFtp},       {"local0", SyslogFacility::kLocal0},
    {"local1", SyslogFacility::kLocal1}, {"local2", SyslogFacility::kLocal2},
    {"local3", SyslogFacility::kLocal3}, {"local4", SyslogFacility::kLocal4},
    {"local5", SyslogFacility::kLocal5}, {"local6", SyslogFacility::kLocal6},
    {"local7", SyslogFacility::kLocal7}};

std::chrono::seconds period_of(const SettingValue& value) {
  using namespace std::chrono_literals;
  if (value.is_text() && value.text() == "daily") return 24h;
  if (value.is_text() && value.text() == "hourly") return 1h;
  return value.duration<std::chrono::seconds>();
}

FileSinkOptions read_file(TableReader& table, const SettingValue& output) {
  FileSinkOptions options;
  const SettingValue* path = table.find("path");
  if (path == nullptr) {
    throw bad_setting(output.option(), output.place(), Error("sink = \"file\" needs a path"));
  }
  options.path = path->text();
  table.read("max_bytes", options.max_bytes, &SettingValue::bytes);
  table.read("rotate_every", options.rotate_every, period_of);
  table.read("keep_files", options.keep_files, &SettingValue::count);
  table.read("keep_total_bytes", options.keep_total_bytes, &SettingValue::bytes);
  table.read("max_age", options.max_age, period_of);
  table.read("reopen_on_sighup", options.reopen_on_sighup, &SettingValue::boolean);
  table.read("sync", options.sync, [](const SettingValue& value) { return value.one_of(kSyncs); });
  return options;
}

SyslogOptions read_syslog(TableReader& table) {
  SyslogOptions options;
  table.read("path", options.path, &SettingValue::text);
  table.read("host", options.host, &SettingValue::text);
  table.read("port", options.port, &SettingValue::port);
  table.read("protocol", options.protocol,
             [](const SettingValue& value) { return value.one_of(kProtocols); });
  table.read("facility", options.facility,
             [](const SettingValue& value) { return value.one_of(kFacilities); });
  table.read("app_name", options.app_name, &SettingValue::text);
  table.read("hostname", options.hostname, &SettingValue::text);
  table.read("fields_element", options.fields_element, &SettingValue::text);
  table.read("max_bytes", options.max_bytes, &SettingValue::bytes);
  return options;
}

JournaldOptions read_journald(TableReader& table) {
  JournaldOptions options;
  table.read("path", options.socket_path, &SettingValue::text);
  table.read("identifier", options.identifier, &SettingValue::text);
  return options;
}

int descriptor_of(LogSinkName sink) noexcept {
  if (sink == LogSinkName::kStdout) return 1;
  return sink == LogSinkName::kStderr ? 2 : -1;
}

LogFormatName format_of(const SettingValue& value) {
  return value.one_of(kLogFormats);
}

void refuse_others(const TableReader& table, LogSinkName sink,
                   const std::optional<LogFormatName>& format) {
  std::vector<std::string_view> elsewhere(std::begin(kSinkKeys), std::end(kSinkKeys));
  elsewhere.insert(elsewhere.end(), std::begin(kFormatKeys), std::end(kFormatKeys));
  std::string company = "sink = \"" + std::string(SettingValue::name_in(kLogSinks, sink)) + "\"";
  if (format)
    company += " and format = \"" + std::string(SettingValue::name_in(kLogFormats, *format)) + "\"";
  table.refuse_others(elsewhere, company);
}

}  // namespace

OutputSettings read_output(const SettingValue& table, LogFormatName default_format) {
  TableReader reader(&table);
  OutputSettings output{.option = table.option(), .place = table.place()};
  LogSinkName sink = LogSinkName::kStderr;
  reader.read("sink", sink, [](const SettingValue& value) { return value.one_of(kLogSinks); });
  reader.read("level", output.level, &SettingValue::level);

  // Only lines need a format; the text of a syslog message may have one.
  std::optional<LogFormatName> format;
  if (sink != LogSinkName::kJournald) reader.read("format", format, format_of);
  if (!format && sink != LogSinkName::kSyslog && sink != LogSinkName::kJournald) {
    format = default_format;
  }
  if (format) output.format = read_format(*format, descriptor_of(sink), reader);

  switch (sink) {
    case LogSinkName::kStderr:
    case LogSinkName::kStdout:
      output.sink = StandardStream{descriptor_of(sink)};
      break;
    case LogSinkName::kFile:
      output.sink = read_file(reader, table);
      break;
    case LogSinkName::kSyslog:
      output.sink = read_syslog(reader);
      break;
    case LogSinkName::kJournald:
      output.sink = read_journald(reader);
      break;
  }
  refuse_others(reader, sink, format);
  return output;
}

OutputSettings simple_output(LogSinkName sink, const std::string& file, LogFormatName format) {
  SettingValue table("log", "", SettingValue::Table{});
  table.member("sink") =
      SettingValue("log.sink", "", std::string(SettingValue::name_in(kLogSinks, sink)));
  if (sink == LogSinkName::kFile) table.member("path") = SettingValue("log.file", "", file);
  return read_output(table, format);
}

LogOutput open_output(const OutputSettings& settings) {
  LogOutput output{.format = settings.format, .level = settings.level};
  try {
    if (const auto* stream = std::get_if<StandardStream>(&settings.sink)) {
      output.sink = stream->descriptor == 1 ? stdout_sink() : stderr_sink();
    } else if (const auto* file = std::get_if<FileSinkOptions>(&settings.sink)) {
      output.sink = file_sink(*file);
    } else if (const auto* syslog = std::get_if<SyslogOptions>(&settings.sink)) {
      SyslogOptions options = *syslog;
      options.format = std::move(output.format);
      output.records = syslog_sink(std::move(options));
    } else {
      output.records = journald_sink(std::get<JournaldOptions>(settings.sink));
    }
  } catch (const Error& error) {
    throw bad_setting(settings.option, settings.place, error);
  }
  return output;
}

}  // namespace waybill::internal
