// LogQL as `waybill query` takes it: through parse_filter(), which tells it from its own language.
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
    R"({"time":"2026-11-20T23:58:01Z","severity":"WARN","message":"POST /orders -> 201",)"
    R"("service":"execution-gateway","logger":"http.access","trace_id":"abc-123",)"
    R"("http.route":"/orders","duration_ms":2604.5,"http":{"status":201},"symbol":"ACME",)"
    R"("size":"1200","cached":false})";

bool is_meant(std::string_view query, std::string_view json = kRecord) {
  const auto parsed = parse_filter(query, kNow);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    ADD_FAILURE() << describe(*error, query);
    return false;
  }
  return matches(std::get<Filter>(parsed), testing::record_from(json));
}

TEST(Logql, MeansTheRecord) {
  for (const std::string_view query : {
           "{}",
           R"( {service="execution-gateway"})",
           R"({service="execution-gateway", symbol!="X"})",
           R"({service_name="execution-gateway"})",
           R"({service=`execution-gateway`} | json)",
           R"({service="execution-gateway"} | json | duration_ms > 500)",
           R"({service="execution-gateway"}|json|duration_ms>500)",
           "{} | duration_ms > 500 | duration_ms < 3000",
           "{} | duration_ms > 500 and duration_ms <= 2604.5",
           "{} | duration_ms > 500, duration_ms >= 2604.5",
           "{} | duration_ms < 500 or duration_ms == 2604.5",
           R"({} | (duration_ms < 500 or symbol="ACME") and cached="false")",
           R"({} | json | http_status = 201)",
           R"({} | json | http.status >= 201)",
           R"({} | json | http_route = "/orders")",
           R"({} | size > 900)",
           R"({} | size = "1200")",
           R"({} | missing = "")",
           R"({} | missing != "x")",
           R"({} | symbol != "")",
           R"({} | level = "warning")",
           R"({} | severity >= "info")",
           R"({} | trace_id = "abc-123")",
           R"({} |= "POST /orders")",
           R"({} |= "\"symbol\":\"ACME\"")",
           R"({} |= `"symbol":"ACME"`)",
           R"({} |= "GET" or "POST")",
           R"({} |= "POST" != "GET")",
           R"({} | symbol = "ACME" != "GET")",
           R"({} != "GET" or "PUT")",
           "{} # every record\n| json # and its fields",
       }) {
    EXPECT_TRUE(is_meant(query)) << query;
  }
}

TEST(Logql, DoesNotMeanTheRecord) {
  for (const std::string_view query : {
           R"({service="risk-manager"} | json | duration_ms > 500)",
           R"({service="execution-gateway"} | json | duration_ms > 2604.5)",
           R"({service="execution-gateway", symbol="X"})",
           R"({service!="execution-gateway"})",
           "{} | missing > 0",
           R"({} | missing = "x")",
           R"({} | missing != "")",
           R"({} | symbol = "")",
           R"({} | symbol = "acme")",
           R"({} | level = "error")",
           R"({} | time = "")",
           R"({} | level = "")",
           R"({} |= "post")",
           R"({} != "POST")",
           R"({} != "GET" or "POST")",
           "{} | duration_ms > 500 | duration_ms < 600",
           R"({} | (duration_ms < 500 or symbol="ACME") and cached="true")",
       }) {
    EXPECT_FALSE(is_meant(query)) << query;
  }
}

TEST(Logql, AnUnderscoreInALabelStandsForOtherCharactersNotForLettersOrDigits) {
  EXPECT_TRUE(is_meant(R"({} | a_b_c = "x")", R"({"a.b-c":"x"})"));
  EXPECT_FALSE(is_meant(R"({} | a_c = "x")", R"({"abc":"x"})"));
  EXPECT_TRUE(is_meant(R"({} | a_b = "exact")", R"({"a.b":"x","a_b":"exact"})"));
}

TEST(LogqlParser, SaysWhereAndWhatWouldBeRight) {
  const struct {
    std::string_view query;
    std::size_t position;
    std::string_view expected;
  } kCases[] = {
      {"{", 1, "a label"},
      {"{a}", 2, "= or !="},
      {"{a=1}", 3, "a text in quotes"},
      {"{a>\"1\"}", 2, "= or !="},
      {"{a=\"1\"", 6, "',' or '}'"},
      {"{a=\"1}", 3, "a closing quote"},
      {"{a=~\"b|c\"}", 2, "regular expressions are not understood"},
      {"{} |~ \"x\"", 3, "|= or !=: a part of the line"},
      {"{} !~ \"x\"", 3, "|= or !=: a part of the line"},
      {"{} | a =~ \"x\"", 7, "regular expressions are not understood"},
      {"{} |= x", 6, "a text in quotes"},
      {"{} |= \"\\w\"", 7, "a text in `...`"},
      {"{} x", 3, "'|', '|=', '!=' or the end"},
      {"{} |", 4, "json, or a label"},
      {"{} | a", 6, "=, !=, <, <=, > or >="},
      {"{} | a > ", 9, "a number, or a text in quotes"},
      {"{} | a > 500ms", 9, "a number without a unit, as in duration_ms > 500"},
      {"{} | a > 20KB", 9, "a number without a unit"},
      {"{} | a = b", 9, "a number, or a text in quotes"},
      {"{} | a=1 or b=2 and c=3", 16, "parentheses"},
      {"{} | (a=1", 9, "')'"},
      {"{} | level = \"BANANA\"", 13, "TRACE, DEBUG, INFO, WARN, ERROR or FATAL"},
      {"{} | json a=\"b\"", 10, "json takes all fields"},
      {"{} | logfmt", 5, "json: the lines are JSON"},
      {"{} | line_format \"x\"", 5, "--format json"},
      {"{} [5m]", 3, "metric queries are not understood"},
      {"rate({service=\"web\"}[5m])", 5, "a LogQL query begins with '{'; metric queries"},
      {"sum by (a) (rate({b=\"c\"}[5m]))", 17, "a LogQL query begins with '{'; metric queries"},
  };
  for (const auto& c : kCases) {
    const auto parsed = parse_filter(c.query, kNow);
    const auto* error = std::get_if<FilterError>(&parsed);
    ASSERT_NE(error, nullptr) << c.query;
    EXPECT_EQ(error->position, c.position) << c.query;
    EXPECT_THAT(error->expected, HasSubstr(std::string(c.expected))) << c.query;
  }
}

TEST(LogqlParser, BoundsNesting) {
  const auto nested = [](int depth) {
    return "{} | " + std::string(depth, '(') + "size > 1" + std::string(depth, ')');
  };
  EXPECT_TRUE(is_meant(nested(kDeepestFilter)));
  const auto parsed = parse_filter(nested(kDeepestFilter + 1), kNow);
  EXPECT_TRUE(std::holds_alternative<FilterError>(parsed));
}

RC_GTEST_PROP(LogqlParser, TakesAnyText, ()) {
  const auto rest = *rc::gen::container<std::string>(rc::gen::element(
      'a', '1', ' ', '(', ')', '{', '}', '"', '`', '\\', '-', '=', '!', '<', '>', '~', '|', ','));
  const std::string query = *rc::gen::element<std::string>("{", "{} | ", "{} |= \"") + rest;
  const auto parsed = parse_filter(query, kNow);
  if (const auto* error = std::get_if<FilterError>(&parsed)) {
    RC_ASSERT(error->position <= query.size());
  } else {
    matches(std::get<Filter>(parsed), testing::record_from(kRecord));
  }
}

}  // namespace
}  // namespace waybill::cli
