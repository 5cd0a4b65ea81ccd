#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/log/internal/journald_entry.h>

namespace waybill::internal {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string build(const LogRecord& record) {
  return std::string(JournaldEntry("weather").build(record));
}

std::string name_of(std::string_view key) {
  std::string name;
  append_journald_name(name, key);
  return name;
}

// Reads an entry as "Native Journal Protocol" says: NAME=value or NAME, a newline, the size in 64
// bits, little-endian, and the value; a newline after each. Empty for what is no entry.
using Entry = std::multimap<std::string, std::string>;
std::optional<Entry> read(std::string_view text) {
  Entry entry;
  while (!text.empty()) {
    const std::size_t name = text.find_first_of("=\n");
    if (name == std::string_view::npos) return std::nullopt;
    const bool binary = text[name] == '\n';
    std::string key(text.substr(0, name));
    text.remove_prefix(name + 1);
    std::size_t size = text.find('\n');
    if (binary) {
      if (text.size() < 8) return std::nullopt;
      size = 0;
      for (std::size_t i = 8; i-- > 0;) size = size << 8 | static_cast<std::uint8_t>(text[i]);
      text.remove_prefix(8);
    }
    if (size >= text.size() || text[size] != '\n') return std::nullopt;
    entry.emplace(std::move(key), text.substr(0, size));
    text.remove_prefix(size + 1);
  }
  return entry;
}

TEST(JournaldEntry, HasTheFieldsOfTheJournal) {
  const auto here = std::source_location::current();
  const Field fields[] = {{"http.status", 404}, {"cached", false}};
  EXPECT_EQ(build({.level = Level::kError,
                   .logger = "fetcher",
                   .message = "Fetching",
                   .trace_id = *TraceId::from_hex("4bf92f3577b34da6a3ce929d0e0e4736"),
                   .span_id = *SpanId::from_hex("00f067aa0ba902b7"),
                   .parent_span_id = *SpanId::from_hex("00f067aa0ba902b8"),
                   .flags = TraceFlags(1),
                   .trace_name = "batch-7",
                   .call_fields = Fields(fields, 2),
                   .where = here,
                   .thread_id = 4711}),
            "MESSAGE=Fetching\nPRIORITY=3\nSYSLOG_IDENTIFIER=weather\nLOGGER=fetcher\nTID=4711\n"
            "CODE_FILE=" +
                std::string(here.file_name()) + "\nCODE_LINE=" + std::to_string(here.line()) +
                "\nCODE_FUNC=" + here.function_name() +
                "\nTRACE_ID=4bf92f3577b34da6a3ce929d0e0e4736\nSPAN_ID=00f067aa0ba902b7\n"
                "PARENT_SPAN_ID=00f067aa0ba902b8\nTRACE_FLAGS=01\nTRACE_NAME=batch-7\n"
                "HTTP_STATUS=404\nCACHED=false\n");
}

TEST(JournaldEntry, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(build({.message = "bare"}), "MESSAGE=bare\nPRIORITY=6\nSYSLOG_IDENTIFIER=weather\n");
}

TEST(JournaldEntry, NamesServiceOrProgramWhereNobodyElseDoes) {
  const Resource resource = {.service_name = "landscape"};
  EXPECT_THAT(JournaldEntry("").build({.resource = resource}),
              HasSubstr("\nSYSLOG_IDENTIFIER=landscape\n"));
  EXPECT_THAT(JournaldEntry("").build({}),
              HasSubstr(std::string("\nSYSLOG_IDENTIFIER=") + program_invocation_short_name));
}

TEST(JournaldEntry, WritesValuesWithNewlinesWithTheirSize) {
  using namespace std::string_literals;
  EXPECT_THAT(build({.message = "one\nPRIORITY=0"}),
              testing::StartsWith("MESSAGE\n\x0e\0\0\0\0\0\0\0one\nPRIORITY=0\nPRIORITY=6\n"s));
}

TEST(JournaldName, IsUppercaseAndStartsWithALetter) {
  EXPECT_EQ(name_of("job_id"), "JOB_ID");
  EXPECT_EQ(name_of("http.request-method"), "HTTP_REQUEST_METHOD");
  EXPECT_EQ(name_of("_UID"), "UID");
  EXPECT_EQ(name_of("2nd"), "FIELD_2ND");
  EXPECT_EQ(name_of(".x"), "FIELD__X");
  EXPECT_EQ(name_of(""), "FIELD_");
  EXPECT_EQ(name_of("__"), "FIELD_");
  EXPECT_EQ(name_of("sch\xc3\xb6n"), "SCH__N");
  EXPECT_EQ(name_of("a=b\nc"), "A_B_C");
  EXPECT_EQ(name_of(std::string(100, 'a')), std::string(64, 'A'));
  EXPECT_EQ(name_of(std::string(100, '1')), "FIELD_" + std::string(58, '1'));
}

TEST(JournaldName, DoesNotPassForOneOfTheEntrysOwn) {
  for (const char* key : {"message", "Priority", "trace_id", "span.id", "code_file",
                          "_syslog_identifier", "object_pid", "tid", "logger"}) {
    EXPECT_THAT(name_of(key), testing::StartsWith("FIELD_"));
  }
  EXPECT_EQ(name_of("message_id"), "MESSAGE_ID");  // the catalog's, for who wants it
}

RC_GTEST_PROP(JournaldEntry, IsReadBackByteByByte,
              (const std::string& message, const std::string& key, const std::string& value)) {
  const Field field = {key, value};
  const auto entry = read(build({.message = message, .call_fields = Fields(&field, 1)}));
  RC_ASSERT(entry.has_value());
  RC_ASSERT(entry->size() == 4U);
  RC_ASSERT(entry->find("MESSAGE")->second == message);
  RC_ASSERT(entry->find(name_of(key))->second == value);
}

}  // namespace
}  // namespace waybill::internal
