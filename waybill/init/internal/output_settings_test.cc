#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <waybill/init/internal/settings_fixture.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

OutputSettings output_of(const std::string& keys) {
  return from_toml("[[log.output]]\n" + keys).log.outputs.at(0);
}

std::string error_of_output(const std::string& keys) {
  return toml_error("[[log.output]]\n" + keys);
}

// A record with something for every option to show.
std::string line_of(const OutputSettings& output) {
  static const Field kFields[] = {
      {"zip", 98101}, {"op", "o-1"}, {"http.request.method", "GET"}, {"dur", 0.5}};
  LogRecord record{.level = Level::kError, .logger = "weather", .message = "Fetched"};
  record.trace_id = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736");
  record.span_id = *SpanId::from_hex("00f067aa0ba902b7");
  record.flags = TraceFlags(1);
  record.call_fields = Fields(kFields, std::size(kFields));
  record.where = std::source_location::current();
  std::string line;
  output.format->format(record, line);
  return line;
}
std::string line_of(const std::string& keys) {
  return line_of(output_of(keys));
}
std::string line_without_trace(const std::string& keys) {
  std::string line;
  output_of(keys).format->format({.message = "m"}, line);
  return line;
}

TEST(OutputSettings, HaveEachFormat) {
  const std::pair<const char*, const char*> cases[] = {
      {"text", "[1970-01-01T00:00:00.000000Z] [-] ["},
      {"console", "00:00:00.000 "},
      {"json", R"({"time":)"},
      {"logfmt", "time="},
      {"gcp", R"({"severity":)"},
      {"ecs", R"({"@timestamp":)"},
      {"datadog", R"({"timestamp":)"},
      {"otel", R"({"resourceLogs":)"}};
  for (const auto& [name, beginning] : cases) {
    EXPECT_THAT(line_of("format = '" + std::string(name) + "'\nsink = 'file'\npath = 'x'"),
                StartsWith(beginning));
  }
}

TEST(OutputSettings, TakeTheFormatOfAllWhereTheyHaveNone) {
  const Settings settings = SettingsSources{
      .toml = "[[log.output]]\n[[log.output]]\nformat = 'json'",
      .variables = {{"WAYBILL_LOG_FORMAT",
                     "logfmt"}}}.read();
  EXPECT_THAT(line_of(settings.log.outputs.at(0)), StartsWith("time="));
  EXPECT_THAT(line_of(settings.log.outputs.at(1)), StartsWith("{"));
}

TEST(OutputSettings, AreJsonForWhatIsNoTerminal) {
  EXPECT_THAT(line_of("sink = 'file'\npath = 'x'"), StartsWith(R"({"time":)"));
  EXPECT_THAT(line_of("sink = 'file'\npath = 'x'\nrename = {zip = 'ZIP'}\npattern = '{message}'"),
              HasSubstr(R"("ZIP":98101)"));
}

TEST(OutputSettings, HaveTheOptionsOfText) {
  EXPECT_EQ(line_of("format = 'text'\npattern = '{level} {message}'"), "ERROR Fetched\n");
  EXPECT_EQ(line_of("format = 'console'\npattern = '{trace_id}'\ntrace_id = 'uuid'\n"
                    "colour = 'never'"),
            "4bf92f35-77b3-4da6-a3ce-929d0e0e4736\n");
  EXPECT_THAT(line_of("format = 'text'\ncolour = 'always'"), HasSubstr("\x1b["));
  EXPECT_THAT(line_of("format = 'text'"), Not(HasSubstr("\x1b[")));
  EXPECT_THAT(line_of("format = 'console'\nsink = 'file'\npath = 'x'\ncolour = 'auto'"),
              Not(HasSubstr("\x1b[")));
}

TEST(OutputSettings, HaveTheOptionsOfJson) {
  const std::string line = line_of(
      "format = 'json'\ntrace_id = 'uuid'\ntrace_flags = true\nsource_location = true\n"
      "rename = {severity = 'level', zip = ''}");
  EXPECT_THAT(line, HasSubstr(R"("trace_id":"4bf92f35-77b3-4da6-a3ce-929d0e0e4736")"));
  EXPECT_THAT(line, HasSubstr(R"("trace_flags":"01")"));
  EXPECT_THAT(line, HasSubstr(R"("code.file.path":)"));
  EXPECT_THAT(line, HasSubstr(R"("level":"ERROR")"));
  EXPECT_THAT(line, Not(HasSubstr("98101")));
  EXPECT_THAT(line_without_trace("format = 'json'\nnull_ids = true"),
              HasSubstr(R"("trace_id":null)"));
}

TEST(OutputSettings, HaveTheOptionsOfLogfmt) {
  const std::string line =
      line_of("format = 'logfmt'\ntrace_id = 'uuid'\nsource_location = true\nrename = {zip = 'z'}");
  EXPECT_THAT(line, HasSubstr("trace_id=4bf92f35-77b3-4da6-a3ce-929d0e0e4736"));
  EXPECT_THAT(line, HasSubstr("code.file.path="));
  EXPECT_THAT(line, HasSubstr(" z=98101"));
}

TEST(OutputSettings, HaveTheOptionsOfGoogleCloud) {
  const std::string line = line_of(
      "format = 'gcp'\nproject = 'p-1'\nsource_location = true\nduration_field = 'dur'\n"
      "label_fields = ['zip']\noperation_field = 'op'\noperation_producer = 'me'\n"
      "insert_id_field = 'op'\nerror_reporting = true\nrename = {message = 'msg'}");
  EXPECT_THAT(line, HasSubstr(R"("projects/p-1/traces/)"));
  EXPECT_THAT(line, HasSubstr("sourceLocation"));
  EXPECT_THAT(line, HasSubstr(R"("latency":)"));
  EXPECT_THAT(line, HasSubstr(R"("zip":"98101")"));
  EXPECT_THAT(line, HasSubstr(R"("producer":"me")"));
  EXPECT_THAT(line, HasSubstr("@type"));
  EXPECT_THAT(line, HasSubstr(R"("msg":"Fetched")"));
  EXPECT_THAT(line_of("format = 'gcp'\ninsert_id_field = 'op'"), HasSubstr("insertId"));
  EXPECT_THAT(line_of("format = 'gcp'\noperation_field = 'op'"), HasSubstr("operation"));
  EXPECT_THAT(line_of("format = 'gcp'\nhttp_request = false"), Not(HasSubstr("httpRequest")));
}

TEST(OutputSettings, HaveTheOptionsOfTheOtherFormats) {
  const std::string ecs =
      line_of("format = 'ecs'\nlabels = false\nsource_location = true\nrename = {message = 'msg'}");
  EXPECT_THAT(ecs, HasSubstr(R"("zip":98101)"));
  EXPECT_THAT(ecs, HasSubstr("log.origin.file.name"));
  EXPECT_THAT(ecs, HasSubstr(R"("msg":"Fetched")"));
  const std::string datadog =
      line_of("format = 'datadog'\nsource_location = true\nrename = {message = 'msg'}");
  EXPECT_THAT(datadog, HasSubstr("code.file.path"));
  EXPECT_THAT(datadog, HasSubstr(R"("msg":"Fetched")"));
  const std::string otel = line_of("format = 'otel'\nsource_location = true\nrename = {zip = 'z'}");
  EXPECT_THAT(otel, HasSubstr("code.file.path"));
  EXPECT_THAT(otel, HasSubstr(R"({"key":"z")"));
}

TEST(OutputSettings, HaveTheOptionsOfAFile) {
  const auto file = std::get<FileSinkOptions>(
      output_of("sink = 'file'\npath = 'logs/a.log'\nmax_bytes = '100MB'\nrotate_every = 'daily'\n"
                "keep_files = 14\nkeep_total_bytes = '1GB'\nmax_age = '30d'\n"
                "reopen_on_sighup = true\nsync = 'each_batch'\nlevel = 'warn'")
          .sink);
  EXPECT_EQ(file.path, "logs/a.log");
  EXPECT_EQ(file.max_bytes, 100'000'000u);
  EXPECT_EQ(file.rotate_every, 24h);
  EXPECT_EQ(file.keep_files, 14u);
  EXPECT_EQ(file.keep_total_bytes, 1'000'000'000u);
  EXPECT_EQ(file.max_age, 720h);
  EXPECT_TRUE(file.reopen_on_sighup);
  EXPECT_EQ(file.sync, FileSync::kEachBatch);
  EXPECT_EQ(output_of("level = 'warn'").level, Level::kWarn);
  EXPECT_EQ(output_of("").level, Level::kTrace);
  const auto period = [](const std::string& text) {
    return std::get<FileSinkOptions>(
               output_of("sink = 'file'\npath = 'a'\nrotate_every = '" + text + "'").sink)
        .rotate_every;
  };
  EXPECT_EQ(period("hourly"), 1h);
  EXPECT_EQ(period("6h"), 6h);
}

TEST(OutputSettings, HaveTheOptionsOfSyslog) {
  const OutputSettings output = output_of(
      "sink = 'syslog'\nhost = 'h'\nport = 1514\nprotocol = 'rfc3164'\nfacility = 'local3'\n"
      "app_name = 'a'\nhostname = 'n'\nfields_element = 'f@1'\nmax_bytes = 2048");
  const auto& syslog = std::get<SyslogOptions>(output.sink);
  EXPECT_EQ(syslog.host, "h");
  EXPECT_EQ(syslog.port, 1514);
  EXPECT_EQ(syslog.protocol, SyslogProtocol::kRfc3164);
  EXPECT_EQ(syslog.facility, SyslogFacility::kLocal3);
  EXPECT_EQ(syslog.app_name, "a");
  EXPECT_EQ(syslog.hostname, "n");
  EXPECT_EQ(syslog.fields_element, "f@1");
  EXPECT_EQ(syslog.max_bytes, 2048u);
  EXPECT_EQ(output.format, nullptr);
  EXPECT_EQ(std::get<SyslogOptions>(output_of("sink = 'syslog'\npath = '/s'").sink).path, "/s");
  EXPECT_EQ(line_of("sink = 'syslog'\nformat = 'text'\npattern = '{message}'"), "Fetched\n");
}

TEST(OutputSettings, HaveTheOptionsOfTheJournal) {
  const OutputSettings output = output_of("sink = 'journald'\npath = '/j'\nidentifier = 'i'");
  EXPECT_EQ(std::get<JournaldOptions>(output.sink).socket_path, "/j");
  EXPECT_EQ(std::get<JournaldOptions>(output.sink).identifier, "i");
  EXPECT_EQ(output.format, nullptr);
}

TEST(OutputSettings, RefuseWhatDoesNotGoWithTheirSinkOrFormat) {
  EXPECT_EQ(error_of_output("path = 'a.log'"),
            "option 'log.output.path' (waybill.toml:2): does not go with sink = \"stderr\" and "
            "format = \"auto\"");
  EXPECT_EQ(error_of_output("sink = 'stdout'\nformat = 'json'\npattern = 'x'"),
            "option 'log.output.pattern' (waybill.toml:4): does not go with sink = \"stdout\" and "
            "format = \"json\"");
  EXPECT_EQ(error_of_output("sink = 'journald'\nformat = 'json'"),
            "option 'log.output.format' (waybill.toml:3): does not go with sink = \"journald\"");
  EXPECT_EQ(error_of_output("sink = 'file'"),
            "option 'log.output' (waybill.toml:1): sink = \"file\" needs a path");
  EXPECT_EQ(error_of_output("sink = 'file'\npath = 'a'\nrotate = 'daily'"),
            "option 'log.output.rotate' (waybill.toml:4) is not known: did you mean "
            "'rotate_every'?");
}

TEST(OutputSettings, NameTheValueThatIsBad) {
  const std::string file = "sink = 'file'\npath = 'a'\n";
  const std::string syslog = "sink = 'syslog'\n";
  const std::pair<std::string, const char*> cases[] = {
      {"sink = 'x'", "option 'log.output.sink' (waybill.toml:2): 'x' is not valid"},
      {"level = 'x'", "option 'log.output.level' (waybill.toml:2): 'x' is not valid"},
      {"format = 'x'", "option 'log.output.format' (waybill.toml:2): 'x' is not valid"},
      {"pattern = '{'", "option 'log.output.pattern' (waybill.toml:2): "},
      {"colour = 'red'", "option 'log.output.colour' (waybill.toml:2): 'red' is not valid"},
      {"trace_id = 'x'", "option 'log.output.trace_id' (waybill.toml:2): 'x' is not valid"},
      {"null_ids = 1", "option 'log.output.null_ids' (waybill.toml:2): '1' is not valid"},
      {"rename = 'x'", "option 'log.output.rename' (waybill.toml:2): 'x' is not valid"},
      {"rename = {time = 'severity'}",
       "option 'log.output.rename' (waybill.toml:2): option "
       "'rename': 'time=severity' is not valid: "},
      {"format = 'gcp'\nproject = '/'", "option 'log.output.project' (waybill.toml:3): "},
      {"format = 'gcp'\nlabel_fields = ['']", "option 'log.output.label_fields' (waybill.toml:3)"},
      {file + "max_bytes = 'x'", "option 'log.output.max_bytes' (waybill.toml:4): 'x' is not"},
      {file + "rotate_every = 'x'", "option 'log.output.rotate_every' (waybill.toml:4): 'x' is"},
      {file + "rotate_every = '5ms'",
       "option 'log.output.rotate_every' (waybill.toml:4): '5ms' is"
       " not valid: expected whole seconds"},
      {file + "rotate_every = '1500ms'",
       "option 'log.output.rotate_every' (waybill.toml:4): '1500"},
      {file + "keep_files = '7'", "option 'log.output.keep_files' (waybill.toml:4): '7' is not"},
      {file + "max_age = 7", "option 'log.output.max_age' (waybill.toml:4): '7' is not valid"},
      {file + "sync = 'x'", "option 'log.output.sync' (waybill.toml:4): 'x' is not valid"},
      {syslog + "port = 0", "option 'log.output.port' (waybill.toml:3): '0' is not valid"},
      {syslog + "protocol = 'x'", "option 'log.output.protocol' (waybill.toml:3): 'x' is not"},
      {syslog + "facility = 'x'", "option 'log.output.facility' (waybill.toml:3): 'x' is not"},
  };
  for (const auto& [keys, expected] : cases) {
    EXPECT_THAT(error_of_output(keys), StartsWith(expected));
  }
}

TEST(OutputSettings, NameTheOutputThatCannotBeOpened) {
  const SettingsFolder folder;
  const std::string blocked = folder.write("blocked", "") + "/a.log";
  const Settings settings = from_toml("[[log.output]]\nsink = 'file'\npath = '" + blocked + "'");
  EXPECT_THAT(error_of([&] { open_output(settings.log.outputs.at(0)); }),
              HasSubstr("waybill.toml:1): "));
  EXPECT_THAT(error_of([&] { open_output(settings.log.outputs.at(0)); }), HasSubstr(blocked));
  const Settings pointless =
      from_toml("[[log.output]]\nsink = 'file'\npath = '" + (folder / "a") + "'\nkeep_files = 3");
  EXPECT_THAT(error_of([&] { open_output(pointless.log.outputs.at(0)); }),
              HasSubstr("expected max_bytes or rotate_every beside it"));
}

TEST(OutputSettings, MakeTheTextOfSyslogInTheirFormat) {
  const SettingsFolder folder;
  const std::string path = folder / "s";
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const int receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
  ASSERT_EQ(bind(receiver, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);

  const LogOutput output = open_output(output_of("sink = 'syslog'\npath = '" + path +
                                                 "'\nformat = 'text'\npattern = '<<{message}>>'"));
  EXPECT_EQ(output.format, nullptr);
  EXPECT_TRUE(output.records->write({.message = "Fetched"}));
  char message[1024];
  const ssize_t size = recv(receiver, message, sizeof message, MSG_DONTWAIT);
  close(receiver);
  ASSERT_GT(size, 0);
  EXPECT_THAT(std::string(message, static_cast<std::size_t>(size)), HasSubstr("<<Fetched>>"));
}

TEST(OutputSettings, OpenWhatTheySay) {
  const SettingsFolder folder;
  const LogOutput file =
      open_output(output_of("level = 'warn'\nsink = 'file'\npath = '" + (folder / "a.log") + "'"));
  EXPECT_EQ(file.level, Level::kWarn);
  EXPECT_EQ(file.sink->write("line\n").written, 5u);
  EXPECT_EQ(folder.read("a.log"), "line\n");
  EXPECT_EQ(open_output(output_of("sink = 'stdout'")).sink->name(), "standard output");
  EXPECT_EQ(open_output(output_of("sink = 'stderr'")).sink->name(), "standard error");
  const LogOutput syslog = open_output(output_of("sink = 'syslog'\nhost = '127.0.0.1'"));
  EXPECT_EQ(syslog.records->name(), "syslog '127.0.0.1'");
  EXPECT_EQ(syslog.format, nullptr);
}

}  // namespace
}  // namespace waybill::internal
