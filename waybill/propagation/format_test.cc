#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/propagation/format.h>

namespace waybill {
namespace {

TEST(Format, HasANameEach) {
  for (std::size_t i = 0; i < kFormats; ++i) {
    const auto format = static_cast<Format>(i);
    EXPECT_EQ(format_from_name(name_of(format)), format);
  }
  EXPECT_EQ(format_from_name("B3Multi"), Format::kB3Multi);
  EXPECT_EQ(format_from_name("ottrace"), std::nullopt);
  EXPECT_EQ(format_from_name(""), std::nullopt);
}

TEST(FormatList, CountsAFormatWhereItStandsFirst) {
  const FormatList formats{Format::kB3, Format::kB3, Format::kTraceContext, Format::kB3};
  EXPECT_THAT(std::vector(formats.begin(), formats.end()),
              testing::ElementsAre(Format::kB3, Format::kTraceContext));
}

TEST(FormatList, IsReadFromNames) {
  EXPECT_EQ(FormatList::parse("tracecontext,baggage"),
            (FormatList{Format::kTraceContext, Format::kBaggage}));
  EXPECT_EQ(FormatList::parse(" B3 ,\tjaeger,, xray "),
            (FormatList{Format::kB3, Format::kJaeger, Format::kXRay}));
  EXPECT_EQ(FormatList::parse("none"), FormatList::none());
  EXPECT_EQ(FormatList::parse(""), FormatList::none());
}

TEST(FormatList, SaysWhichNameItDoesNotKnow) {
  try {
    FormatList::parse("tracecontext,ottrace", "OTEL_PROPAGATORS");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("OTEL_PROPAGATORS"));
    EXPECT_THAT(error.what(), testing::HasSubstr("'ottrace'"));
    EXPECT_THAT(error.what(), testing::HasSubstr("b3multi"));
  }
}

TEST(FormatList, IsWrittenAsItIsRead) {
  for (const char* names : {"tracecontext,baggage,x-trace-id,b3,b3multi,jaeger,xray,gcp,datadog",
                            "b3,tracecontext", "none"}) {
    EXPECT_EQ(FormatList::parse(names).to_string(), names);
  }
  EXPECT_EQ(FormatList().to_string(), "tracecontext,baggage,x-trace-id");
}

}  // namespace
}  // namespace waybill
