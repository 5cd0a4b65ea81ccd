#include <string>
#include <string_view>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/bridges/context_text.h>
#include <waybill/core/core.h>
#include <waybill/core/utf8.h>

namespace waybill {
namespace {

std::string text(std::string_view from) {
  std::string out;
  bridge::append_text(out, from);
  return out;
}

std::string field(const Field& from) {
  std::string out;
  bridge::append_field(out, from);
  return out;
}

TEST(ContextText, WritesTheNameOfATraceOrItsId) {
  std::string out;
  bridge::append_trace_id(out, Context());
  EXPECT_EQ(out, "");
  bridge::append_trace_id(out, Context::new_trace({.name = "abc-123"}));
  EXPECT_EQ(out, "abc-123");
  out.clear();
  const Context trace = Context::new_trace();
  bridge::append_trace_id(out, trace);
  EXPECT_EQ(out, trace.trace_id().to_hex());
}

TEST(ContextText, WritesSpanIds) {
  std::string out;
  bridge::append_span_id(out, SpanId());
  EXPECT_EQ(out, "");
  bridge::append_span_id(out, SpanId::from_hex("00f067aa0ba902b7").value());
  EXPECT_EQ(out, "00f067aa0ba902b7");
}

TEST(ContextText, EscapesWhatWouldLeaveTheLineOrMislead) {
  EXPECT_EQ(text("plain \"text\" \\ \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"),
            "plain \"text\" \\ \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80");
  EXPECT_EQ(text("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(text(std::string_view("\0\x1b\x7f", 3)), "\\x00\\x1b\\x7f");
  EXPECT_EQ(text("\xc2\x85\xc2\x9b"), "\\xc2\\x85\\xc2\\x9b");
  EXPECT_EQ(text("\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xae\xe2\x81\xa6"),
            "\\xe2\\x80\\xa8\\xe2\\x80\\xa9\\xe2\\x80\\xae\\xe2\\x81\\xa6");
  EXPECT_EQ(text("\xff\xc3(\xed\xa0\x80"), "\\xff\\xc3(\\xed\\xa0\\x80");
}

TEST(ContextText, WritesFieldsOfEveryType) {
  EXPECT_EQ(field({"key", "value"}), "key=value");
  EXPECT_EQ(field({"key", -3}), "key=-3");
  EXPECT_EQ(field({"key", 1.5}), "key=1.5");
  EXPECT_EQ(field({"key", true}), "key=true");
  EXPECT_EQ(field({"key", ""}), "key=\"\"");
  EXPECT_EQ(field({"key", "a \"b\" \\ c\n"}), "key=\"a \\\"b\\\" \\\\ c\\n\"");
  EXPECT_EQ(field({"a b=\"c\n", "v"}), "a_b__c\\n=v");
}

TEST(ContextText, SeparatesFieldsByBlanks) {
  const Context context = Context().with({{"a", 1}, {"b", "x y"}, {"c", false}});
  std::string out;
  bridge::append_fields(out, context.fields());
  EXPECT_EQ(out, "a=1 b=\"x y\" c=false");
}

RC_GTEST_PROP(ContextText, IsOneLineOfUtf8WhateverItIsGiven, (const std::string& bytes)) {
  const std::string line = text(bytes) + field({bytes, bytes});
  const char* at = line.data();
  const char* const end = at + line.size();
  while (at != end) {
    const Utf8Step step = utf8_step(at, end);
    RC_ASSERT(step.valid);
    RC_ASSERT(step.size > 1 || (*at >= 0x20 && *at != 0x7f));
    at += step.size;
  }
}

}  // namespace
}  // namespace waybill
