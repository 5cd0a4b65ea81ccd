#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/x_trace_id.h>

namespace waybill {
namespace {

constexpr std::string_view kHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kUuid = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736";

TEST(XTraceId, ReadsHexAndUuidAsTheIdItself) {
  for (const std::string_view text :
       {kHex, kUuid, std::string_view("4BF92F3577B34DA6A3CE929D0E0E4736"),
        std::string_view("4BF92F35-77B3-4DA6-A3CE-929D0E0E4736")}) {
    const auto parsed = parse_x_trace_id(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->trace_id.to_hex(), kHex);
    EXPECT_EQ(parsed->trace_name, "");
  }
}

TEST(XTraceId, ReadsOtherTextAsATraceName) {
  for (const std::string_view text : {"batch-job-2025-10-21", "!", "a,b", "4bf92f3577b34da6"}) {
    const auto parsed = parse_x_trace_id(text);
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->trace_name, text);
    EXPECT_EQ(parsed->trace_id, TraceId::from_name(text));
  }
}

TEST(XTraceId, IgnoresSurroundingWhitespace) {
  EXPECT_EQ(parse_x_trace_id(" abc\t")->trace_name, "abc");
}

TEST(XTraceId, RejectsWhatIsNotVisibleAscii) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view text : {""sv, " "sv, "a b"sv, "a\tb"sv, "a\nb"sv, "a\r\nX: y"sv,
                                      "\x7f"sv, "caf\xc3\xa9"sv, "a\0b"sv}) {
    EXPECT_FALSE(parse_x_trace_id(text)) << '"' << text << '"';
  }
}

TEST(XTraceId, HasAtMost128Characters) {
  EXPECT_TRUE(parse_x_trace_id(std::string(128, 'x')));
  EXPECT_FALSE(parse_x_trace_id(std::string(129, 'x')));
}

TEST(XTraceId, RejectsAnIdOfZeros) {
  EXPECT_FALSE(parse_x_trace_id("00000000000000000000000000000000"));
  EXPECT_FALSE(parse_x_trace_id("00000000-0000-0000-0000-000000000000"));
}

TEST(XTraceId, WritesTheTraceNameWhereThereIsOne) {
  EXPECT_EQ(to_x_trace_id(Context::new_trace({.name = "abc-123"})), "abc-123");
  EXPECT_EQ(to_x_trace_id(Context::new_trace({.name = "abc-123"}), TraceIdSpelling::kUuid),
            "abc-123");
}

TEST(XTraceId, WritesTheIdInTheSpellingAskedFor) {
  const Context context = Context::new_trace({.name = kUuid});
  EXPECT_EQ(to_x_trace_id(context), kHex);
  EXPECT_EQ(to_x_trace_id(context, TraceIdSpelling::kUuid), kUuid);
}

TEST(XTraceId, WritesTheIdInPlaceOfANameThatNoHeaderCanHave) {
  for (const std::string& name :
       {std::string("two words"), std::string("a\r\nSet-Cookie: b"), std::string(129, 'x'),
        std::string("00000000000000000000000000000000")}) {
    const Context context = Context::new_trace({.name = name});
    EXPECT_EQ(to_x_trace_id(context), context.trace_id().to_hex());
  }
}

TEST(XTraceId, IsEmptyWithoutATrace) {
  EXPECT_EQ(to_x_trace_id(Context{}), "");
}

RC_GTEST_PROP(XTraceIdProperty, NamesComeBackAsTheyWent, ()) {
  const auto visible = rc::gen::map(rc::gen::inRange(0x21, 0x7f), [](int c) { return char(c); });
  const int size = *rc::gen::inRange(1, 129);
  const auto name = *rc::gen::container<std::string>(static_cast<std::size_t>(size), visible);
  const Context context = Context::new_trace({.name = name});
  const auto parsed = parse_x_trace_id(to_x_trace_id(context));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->trace_id == context.trace_id());
  RC_ASSERT(to_x_trace_id(context) == name || context.trace_name().empty());
}

RC_GTEST_PROP(XTraceIdProperty, IdsComeBackInEitherSpelling, (bool uuid)) {
  const Context context = Context::new_trace();
  const auto parsed = parse_x_trace_id(
      to_x_trace_id(context, uuid ? TraceIdSpelling::kUuid : TraceIdSpelling::kHex));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->trace_id == context.trace_id());
  RC_ASSERT(parsed->trace_name.empty());
}

}  // namespace
}  // namespace waybill
