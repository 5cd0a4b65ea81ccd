#include <gtest/gtest.h>

#include <cli/record_text.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

std::string text_of(std::string_view json) {
  const Record record = testing::record_from(json);
  return field_text(record.fields.at(0));
}

TEST(FieldText, QuotesWhatWouldBeMisread) {
  EXPECT_EQ(text_of(R"({"zip":"98101"})"), "zip=98101");
  EXPECT_EQ(text_of(R"({"sky":"light rain"})"), R"(sky="light rain")");
  EXPECT_EQ(text_of(R"({"q":"a=b"})"), R"(q="a=b")");
  EXPECT_EQ(text_of(R"({"q":"say \"hi\""})"), R"(q="say \"hi\"")");
  EXPECT_EQ(text_of(R"({"q":""})"), R"(q="")");
  EXPECT_EQ(text_of(R"({"n":null})"), "n=null");
  EXPECT_EQ(text_of(R"({"l":["a b",1]})"), R"(l=["a b",1])");
}

TEST(FieldText, EscapesKeyAndValue) {
  EXPECT_EQ(text_of(R"({"k\u001b":"v\u0007"})"), "k\\x1b=v\\x07");
}

TEST(Severity, IsPaddedAndColoured) {
  StyledLine line{Paint(true)};
  add_severity(line, Severity::kWarn);
  add_severity(line, Severity::kNone);
  line.add({}, "|");
  EXPECT_EQ(line.take(), "\x1b[33mWARN\x1b[0m      |\n");
  EXPECT_EQ(severity_style(Severity::kInfo), "");
  EXPECT_EQ(severity_style(Severity::kError), style::kBoldRed);
}

}  // namespace
}  // namespace waybill::cli
