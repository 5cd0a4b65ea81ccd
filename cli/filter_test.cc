#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/filter_match.h>
#include <cli/filter_parser.h>
#include <cli/testing.h>

namespace waybill::cli {
namespace {

using ::testing::HasSubstr;

// 2026-11-21T00:00:00Z
constexpr Nanoseconds kNow = 1'795'219'200'000'000'000;

constexpr std::string_view kRecord =
    R"({"time":"2026-11-20T23:58:01Z","severity":"WARN","message":"Upstream slow, retrying",)"
    R"("service":"fetcher","logger":"http","trace_id":"abc-123","span_id":"00f067aa0ba902b7",)"
    R"("zip":"98101","attempt":2,"ratio":0.5,"cached":false,"next":null,"size":"1200",)"
    R"("id":9007199254740993,"http":{"status":503},"OR":"x"})";

bool is_meant(std::string_view filter, std::string_view json = kRecord) {
  const auto parsed = parse_filter(filter, kNow);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    ADD_FAILURE() << describe(*error, filter);
    return false;
  }
  return matches(std::get<Filter>(parsed), testing::record_from(json));
}

TEST(Filter, MeansTheRecord) {
  for (const std::string_view filter : {"",
                                        "zip=98101",
                                        "zip=\"98101\"",
                                        "zip != 98102",
                                        "attempt=2",
                                        "attempt=2.0",
                                        "attempt>=2",
                                        "attempt<10",
                                        "attempt>1.5",
                                        "ratio=0.5",
                                        "ratio>-1",
                                        "size>900",
                                        "zip<\"99\"",
                                        "cached=false",
                                        "next=null",
                                        "http.status>=500",
                                        "missing!=1",
                                        "id=9007199254740993",
                                        "severity>=WARN",
                                        "severity>info",
                                        "level=warning",
                                        "severity<error",
                                        "severity!=INFO",
                                        "severity~war",
                                        "time>=2026-11-20",
                                        "time<2026-11-20T23:58:02Z",
                                        "time>15m",
                                        "time~23:58",
                                        "message~SLOW",
                                        "msg~\"slow, re\"",
                                        "service=fetcher",
                                        "logger=http",
                                        "trace_id=abc-123",
                                        "trace_id!=abc-124",
                                        "trace_id~abc",
                                        "span_id=00F067AA0BA902B7",
                                        "parent_span_id!=x",
                                        "slow",
                                        "\"slow, retrying\"",
                                        "slow zip=98101",
                                        "slow AND zip=98101",
                                        "fast OR slow",
                                        "NOT fast",
                                        "-fast",
                                        "NOT NOT slow",
                                        "(fast OR slow) (zip=1 OR zip=98101)",
                                        "fast zip=98101 OR slow",
                                        "\"OR\"=x"}) {
    EXPECT_TRUE(is_meant(filter)) << filter;
  }
}

TEST(Filter, DoesNotMeanTheRecord) {
  for (const std::string_view filter : {"zip=98102",
                                        "zip!=98101",
                                        "attempt>2",
                                        "attempt=\"2.0\"",
                                        "size=1200.0",
                                        "missing=1",
                                        "missing<1",
                                        "missing~x",
                                        "id=9007199254740995",
                                        "severity>=ERROR",
                                        "severity=INFO",
                                        "time>2026-11-21",
                                        "time>60s",
                                        "message~fast",
                                        "service=web",
                                        "trace_id=abc-124",
                                        "trace_id<zzz x",
                                        "parent_span_id=x",
                                        "fast",
                                        "slow zip=1",
                                        "-slow",
                                        "NOT (slow OR fast)",
                                        "fast OR zip=1",
                                        "fast (slow OR zip=98101)"}) {
    EXPECT_FALSE(is_meant(filter)) << filter;
  }
}

TEST(Filter, ComparesATraceIdInAnySpelling) {
  EXPECT_TRUE(is_meant("trace_id=" + TraceId::from_name("abc-123").to_hex()));
  EXPECT_TRUE(is_meant("trace_id=" + TraceId::from_name("abc-123").to_uuid()));
  EXPECT_FALSE(is_meant("trace_id!=" + TraceId::from_name("abc-123").to_hex()));
}

TEST(Filter, AnAbsentPartIsOnlyUnequal) {
  for (const std::string_view part :
       {"time", "severity", "message", "trace_id", "span_id", "zip"}) {
    const std::string value = part == "time" ? "2026-11-20" : part == "severity" ? "INFO" : "x";
    EXPECT_TRUE(is_meant(std::string(part) + "!=" + value, "{}")) << part;
    for (const std::string_view op : {"=", "<", "<=", ">", ">=", "~"}) {
      EXPECT_FALSE(is_meant(std::string(part) + std::string(op) + value, "{}")) << part << op;
    }
  }
}

TEST(FilterParser, SaysWhereAndWhatItExpected) {
  const struct {
    std::string_view filter;
    std::size_t position;
    std::string_view expected;
  } kCases[] = {
      {"severity>=", 10, "a value"},
      {"a= (b)", 3, "a value"},
      {"a==b", 2, "a value"},
      {"=5", 0, "a key before the operator"},
      {"(a OR b", 7, "')'"},
      {"a)", 1, "a word, a comparison or the end"},
      {"a OR", 4, "a word, a comparison or '('"},
      {"()", 1, "a word, a comparison or '('"},
      {"NOT", 3, "a word, a comparison or '('"},
      {"AND a", 0, "a word, a comparison or '('"},
      {"a \"b", 2, "a closing '\"' for this one"},
      {"a=\"b", 2, "a closing '\"' for this one"},
      {"level>=BANANA", 7, "TRACE, DEBUG, INFO, WARN, ERROR or FATAL"},
      {"time>noon", 5, "a time such as"},
  };
  for (const auto& c : kCases) {
    const auto parsed = parse_filter(c.filter, kNow);
    const auto* error = std::get_if<FilterError>(&parsed);
    ASSERT_NE(error, nullptr) << c.filter;
    EXPECT_EQ(error->position, c.position) << c.filter;
    EXPECT_THAT(error->expected, HasSubstr(std::string(c.expected))) << c.filter;
  }
}

TEST(FilterParser, PutsACaretUnderThePlace) {
  EXPECT_EQ(describe({6, "a value"}, "wörk=x"), "  wörk=x\n       ^ expected a value\n");
  EXPECT_EQ(describe({1, "x"}, "\x1b="), "  \\x1b=\n      ^ expected x\n");
}

TEST(FilterParser, BoundsNestingAndLength) {
  const std::string open(1000, '(');
  const std::string minus(1000, '-');
  for (const std::string& filter :
       {open + "a" + std::string(1000, ')'), minus + "a", std::string(kLongestFilter + 1, 'a')}) {
    const auto parsed = parse_filter(filter, kNow);
    EXPECT_TRUE(std::holds_alternative<FilterError>(parsed)) << filter.size();
  }
  EXPECT_TRUE(is_meant(std::string(50, '(') + "slow" + std::string(50, ')')));
}

RC_GTEST_PROP(FilterParser, TakesAnyText, ()) {
  const auto filter = *rc::gen::container<std::string>(
      rc::gen::element('a', 'b', ' ', '(', ')', '"', '\\', '-', '=', '!', '<', '>', '~', 'O', 'R'));
  const auto parsed = parse_filter(filter, kNow);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    RC_ASSERT(error->position <= filter.size());
  } else {
    matches(std::get<Filter>(parsed), testing::record_from(kRecord));
  }
}

}  // namespace
}  // namespace waybill::cli
