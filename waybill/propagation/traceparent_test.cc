#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/propagation/traceparent.h>

namespace waybill {
namespace {

constexpr std::string_view kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
constexpr std::string_view kTraceHex = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view kSpanHex = "00f067aa0ba902b7";

Context example_context(std::uint8_t flags = TraceFlags::kSampled) {
  return Context::new_trace({.trace_id = TraceId::from_hex(kTraceHex),
                             .span_id = SpanId::from_hex(kSpanHex),
                             .flags = TraceFlags(flags)});
}

std::string replaced(std::string text, std::size_t at, char c) {
  text[at] = c;
  return text;
}

TEST(Traceparent, ReadsTheStandardsExample) {
  const auto parsed = parse_traceparent(kExample);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->trace_id.to_hex(), kTraceHex);
  EXPECT_EQ(parsed->span_id.to_hex(), kSpanHex);
  EXPECT_TRUE(parsed->flags.sampled());
  EXPECT_FALSE(parsed->flags.random());
}

TEST(Traceparent, WritesTheStandardsExample) {
  std::array<char, kTraceparentSize + 1> buffer{};
  buffer.back() = '#';
  const Context context = example_context();
  EXPECT_EQ(write_traceparent(context, buffer.data()), buffer.data() + kTraceparentSize);
  EXPECT_EQ(std::string_view(buffer.data(), kTraceparentSize), kExample);
  EXPECT_EQ(buffer.back(), '#');
  EXPECT_EQ(to_traceparent(context), kExample);
}

TEST(Traceparent, WritesNothingWithoutATraceOrASpan) {
  std::string buffer(kTraceparentSize, '#');
  const std::string untouched = buffer;
  EXPECT_EQ(write_traceparent(Context{}, buffer.data()), buffer.data());
  const Context no_span = Context::new_trace({.span_id = SpanId{}});
  EXPECT_EQ(write_traceparent(no_span, buffer.data()), buffer.data());
  EXPECT_EQ(buffer, untouched);
  EXPECT_EQ(to_traceparent(Context{}), "");
}

TEST(Traceparent, SendsReservedFlagsAsZero) {
  EXPECT_TRUE(to_traceparent(example_context(0xff)).ends_with("-03"));
  EXPECT_TRUE(to_traceparent(example_context(0xfc)).ends_with("-00"));
}

TEST(Traceparent, IgnoresReservedFlags) {
  EXPECT_EQ(parse_traceparent(std::string(kExample.substr(0, 53)) + "fe")->flags, TraceFlags(2));
  EXPECT_EQ(parse_traceparent(std::string(kExample.substr(0, 53)) + "09")->flags, TraceFlags(1));
}

TEST(Traceparent, RejectsUppercaseHex) {
  for (const std::size_t at : {0U, 1U, 3U, 34U, 36U, 51U, 53U, 54U}) {
    EXPECT_FALSE(parse_traceparent(replaced(std::string(kExample), at, 'A'))) << at;
  }
}

TEST(Traceparent, RejectsAnyOtherByteAnywhere) {
  for (std::size_t at = 0; at < kExample.size(); ++at) {
    for (const char c : {'g', '/', ':', '`', '@', ' ', '\0', '\x80', '\xff'}) {
      EXPECT_FALSE(parse_traceparent(replaced(std::string(kExample), at, c)))
          << at << " " << static_cast<int>(c);
    }
  }
}

TEST(Traceparent, RejectsMisplacedDashes) {
  for (std::size_t at = 0; at < kExample.size(); ++at) {
    const char c = kExample[at] == '-' ? '0' : '-';
    EXPECT_FALSE(parse_traceparent(replaced(std::string(kExample), at, c))) << at;
  }
}

TEST(Traceparent, RejectsEveryOtherLength) {
  for (std::size_t size = 0; size < kExample.size(); ++size) {
    EXPECT_FALSE(parse_traceparent(kExample.substr(0, size))) << size;
  }
  EXPECT_FALSE(parse_traceparent(std::string(kExample) + "0"));
  EXPECT_FALSE(parse_traceparent(std::string(kExample) + "-"));
}

TEST(Traceparent, RejectsIdsOfZeros) {
  EXPECT_FALSE(parse_traceparent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
}

TEST(Traceparent, ReadsLaterVersionsAsFarAsItKnowsThem) {
  const auto known = parse_traceparent(kExample);
  const std::string later = "cc" + std::string(kExample.substr(2));
  EXPECT_EQ(parse_traceparent(later), known);
  EXPECT_EQ(parse_traceparent(later + "-"), known);
  EXPECT_EQ(parse_traceparent(later + "-what-the-future-will-be-like"), known);
  EXPECT_FALSE(parse_traceparent(later + ".what-the-future-will-not-be-like"));
  EXPECT_FALSE(parse_traceparent("CC" + std::string(kExample.substr(2))));
}

TEST(Traceparent, RejectsVersionFf) {
  EXPECT_FALSE(parse_traceparent("ff" + std::string(kExample.substr(2))));
}

TEST(Traceparent, TakesSurroundingWhitespaceForNoPartOfTheValue) {
  EXPECT_EQ(parse_traceparent("\t " + std::string(kExample) + " \t"), parse_traceparent(kExample));
  EXPECT_FALSE(parse_traceparent("\n" + std::string(kExample)));
}

TEST(Traceresponse, HasTheFormatOfTraceparent) {
  std::array<char, kTraceparentSize> buffer{};
  const char* end = write_traceresponse(example_context(), buffer.data());
  EXPECT_EQ(std::string_view(buffer.data(), end), kExample);
}

RC_GTEST_PROP(TraceparentProperty, ComesBackAsItWent, (std::uint8_t flags)) {
  const Context context = Context::new_trace({.flags = TraceFlags(flags & 3)});
  const auto parsed = parse_traceparent(to_traceparent(context));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(parsed->trace_id == context.trace_id());
  RC_ASSERT(parsed->span_id == context.span_id());
  RC_ASSERT(parsed->flags == context.flags());
}

}  // namespace
}  // namespace waybill
