#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cli/record_parser.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

using testing::record_from;
using Kind = RecordField::Kind;

TEST(RecordParser, ReadsWhatWaybillsLoggerWrites) {
  const Record record = record_from(
      R"({"time":"2026-11-20T23:58:01.123456Z","severity":"WARN","message":"slow",)"
      R"("logger":"http","service":"web","trace_id":"abc-123","span_id":"00f067aa0ba902b7",)"
      R"("parent_span_id":"b7ad6b7169203331","zip":"98101","attempt":2})");
  EXPECT_EQ(record.time, 1'795'219'081'123'456'000);
  EXPECT_EQ(record.severity, Severity::kWarn);
  EXPECT_EQ(record.message, "slow");
  EXPECT_EQ(record.logger, "http");
  EXPECT_EQ(record.service, "web");
  EXPECT_EQ(record.trace_id, "abc-123");
  EXPECT_EQ(record.span_id, "00f067aa0ba902b7");
  EXPECT_EQ(record.parent_span_id, "b7ad6b7169203331");
  ASSERT_EQ(record.fields.size(), 2U);
  EXPECT_EQ(record.fields[0].key, "zip");
  EXPECT_EQ(record.fields[1].number, 2);
}

TEST(RecordParser, ReadsWhatOthersWrite) {
  const Record pino = record_from(R"({"level":30,"time":1795219081123,"msg":"hello"})");
  EXPECT_EQ(pino.severity, Severity::kInfo);
  EXPECT_EQ(pino.message, "hello");
  EXPECT_EQ(pino.time, 1'795'219'081'123'000'000);

  const Record ecs = record_from(
      R"({"@timestamp":"2026-11-20T23:58:01Z","log":{"level":"error"},"trace":{"id":"abc-123"},)"
      R"("service":{"name":"web"},"span.id":"00f067aa0ba902b7"})");
  EXPECT_EQ(ecs.severity, Severity::kError);
  EXPECT_EQ(ecs.trace_id, "abc-123");
  EXPECT_EQ(ecs.service, "web");
  EXPECT_EQ(ecs.span_id, "00f067aa0ba902b7");

  const Record google = record_from(R"({"severity":"INFO","logging.googleapis.com/trace":)"
                                    R"("projects/p/traces/4bf92f3577b34da6a3ce929d0e0e4736"})");
  EXPECT_EQ(google.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(RecordParser, ReadsLabelsOfGoogleCloudAsWhatTheyAre) {
  const Record record = record_from(
      R"({"message":"m","logging.googleapis.com/labels":{"logger":"http","service":"web",)"
      R"("account_id":"acme"},"attempt":2})");
  EXPECT_EQ(record.logger, "http");
  EXPECT_EQ(record.service, "web");
  ASSERT_EQ(record.fields.size(), 2U);
  EXPECT_EQ(record.find("account_id")->text, "acme");
  EXPECT_EQ(record.find("attempt")->number, 2);
}

TEST(RecordParser, FallsBackToTheLoggerThenTheFileForTheService) {
  EXPECT_EQ(record_from(R"({"service":"s","logger":"l"})", "f").service, "s");
  EXPECT_EQ(record_from(R"({"logger":"l"})", "f").service, "l");
  EXPECT_EQ(record_from("{}", "f").service, "f");
}

TEST(RecordParser, KeepsEveryKindOfField) {
  const Record record = record_from(
      R"({"s":"a b","i":-7,"u":18446744073709551615,"d":0.1,"t":true,"n":null,"l":[1,"x"]})");
  const std::pair<Kind, std::string_view> kExpected[] = {
      {Kind::kString, "a b"},      {Kind::kNumber, "-7"}, {Kind::kNumber, "18446744073709551615"},
      {Kind::kNumber, "0.1"},      {Kind::kBool, "true"}, {Kind::kNull, "null"},
      {Kind::kJson, R"([1,"x"])"},
  };
  ASSERT_EQ(record.fields.size(), std::size(kExpected));
  for (std::size_t i = 0; i < std::size(kExpected); ++i) {
    EXPECT_EQ(record.fields[i].kind, kExpected[i].first) << record.fields[i].key;
    EXPECT_EQ(record.fields[i].text, kExpected[i].second);
  }
}

TEST(RecordParser, ReachesIntoNestedObjectsByDottedKeys) {
  const Record record = record_from(R"({"http":{"request":{"method":"GET"},"status":503}})");
  ASSERT_NE(record.find("http.request.method"), nullptr);
  EXPECT_EQ(record.find("http.request.method")->text, "GET");
  EXPECT_EQ(record.find("http.status")->number, 503);
  EXPECT_EQ(record.find("status"), nullptr);
}

TEST(RecordParser, LeavesAsAFieldWhatItCannotUnderstand) {
  const Record record =
      record_from(R"({"time":"noon","level":"7 of 9","message":{"a":1},"trace_id":12})");
  EXPECT_EQ(record.time, std::nullopt);
  EXPECT_EQ(record.severity, Severity::kNone);
  EXPECT_NE(record.find("time"), nullptr);
  EXPECT_NE(record.find("level"), nullptr);
  EXPECT_NE(record.find("message.a"), nullptr);
  EXPECT_NE(record.find("trace_id"), nullptr);
}

TEST(RecordParser, TakesNullAndAllZeroIdsAsNone) {
  const Record record =
      record_from(R"({"trace_id":"00000000000000000000000000000000","span_id":"0000000000000000",)"
                  R"("parent_span_id":null})");
  EXPECT_EQ(record.trace_id, "");
  EXPECT_EQ(record.span_id, "");
  EXPECT_EQ(record.parent_span_id, "");
  EXPECT_TRUE(record.fields.empty());
}

TEST(RecordParser, RefusesWhatIsNoObject) {
  RecordParser parser;
  Record record = record_from(R"({"message":"before"})");
  for (const std::string_view line : {"", "text", "[1]", "{", "{\"a\":1} x", "7", "{\"a\":\xff}"}) {
    EXPECT_FALSE(parser.parse(line, "f", record)) << line;
    EXPECT_EQ(record.message, "");
  }
}

TEST(RecordParser, BoundsNestingKeysAndFields) {
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += R"({"a":)";
  deep += "1" + std::string(200, '}');
  const Record nested = record_from(deep);
  ASSERT_EQ(nested.fields.size(), 1U);
  EXPECT_EQ(nested.fields[0].key, "a.a.a.a.a.a.a.a");
  EXPECT_EQ(nested.fields[0].kind, Kind::kJson);

  std::string many = R"({"f":0)";
  for (int i = 1; i < 2000; ++i) many += ",\"f" + std::to_string(i) + "\":1";
  many += R"(,"message":"after them all"})";
  const Record wide = record_from(many);
  EXPECT_EQ(wide.fields.size(), RecordParser::kMostFields);
  EXPECT_EQ(wide.message, "after them all");

  const std::string long_key(RecordParser::kLongestKey, 'k');
  const Record keyed = record_from("{\"" + long_key + "\":{\"a\":1}}");
  ASSERT_EQ(keyed.fields.size(), 1U);
  EXPECT_EQ(keyed.fields[0].text, R"({"a":1})");
}

TEST(Record, OutlivesItsParserAndMoves) {
  Record record;
  {
    RecordParser parser;
    ASSERT_TRUE(parser.parse(R"({"message":"m\n","a":{"b":"c"}})", "f", record));
  }
  const Record moved = std::move(record);
  EXPECT_EQ(moved.message, "m\n");
  EXPECT_EQ(moved.find("a.b")->text, "c");
  EXPECT_EQ(moved.line, R"({"message":"m\n","a":{"b":"c"}})");
}

}  // namespace
}  // namespace waybill::cli
