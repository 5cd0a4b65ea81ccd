#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cli/trace_key_search.h>

namespace waybill::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> values_in(std::string_view line) {
  std::vector<std::string> values;
  TraceKeySearch search(line);
  while (search.next()) values.emplace_back(search.is_opaque() ? "?" : search.value());
  return values;
}

TEST(TraceKeySearch, FindsTheKeysInUse) {
  EXPECT_THAT(values_in(R"({"trace_id":"a"})"), ElementsAre("a"));
  EXPECT_THAT(values_in(R"({"traceId" : "a"})"), ElementsAre("a"));
  EXPECT_THAT(values_in(R"({"traceID":"a"})"), ElementsAre("a"));
  EXPECT_THAT(values_in(R"({"trace.id":"a"})"), ElementsAre("a"));
  EXPECT_THAT(values_in(R"({"logging.googleapis.com/trace":"projects/p/traces/a"})"),
              ElementsAre("projects/p/traces/a"));
}

TEST(TraceKeySearch, LeavesToTheParserWhatItCannotRead) {
  EXPECT_THAT(values_in(R"({"trace":{"id":"a"}})"), ElementsAre("?"));
  EXPECT_THAT(values_in(R"({"trace_id":"a\u0062"})"), ElementsAre("?"));
}

TEST(TraceKeySearch, PassesOverOtherKeysAndValues) {
  EXPECT_THAT(values_in(R"({"trace_flags":"01","tracer":"x","message":"trace","t":"trace_id"})"),
              IsEmpty());
  EXPECT_THAT(values_in(R"({"trace_id":null,"traceId":7})"), IsEmpty());
  EXPECT_THAT(values_in(R"({"message":"trace \"trace_id\" lost","trace_id":"a"})"),
              ElementsAre("a"));
  EXPECT_THAT(values_in(R"({"trace_id)"), IsEmpty());
  EXPECT_THAT(values_in(R"({"trace_id":)"), IsEmpty());
  EXPECT_THAT(values_in(R"({"trace_id":"open)"), IsEmpty());
}

TEST(TraceKeySearch, FindsSeveral) {
  EXPECT_THAT(values_in(R"({"trace_id":"a","link":{"trace_id":"b"}})"), ElementsAre("a", "b"));
}

// The search looks at sixteen places at once: the key must be found wherever it stands.
RC_GTEST_PROP(TraceKeySearch, FindsTheKeyAtEveryPlace, ()) {
  const auto before = *rc::gen::container<std::string>(rc::gen::element('t', 'e', 'r', ' ', 'x'));
  const auto after = *rc::gen::container<std::string>(rc::gen::element('t', 'e', 'c', ' ', 'x'));
  const std::string line = R"({"m":")" + before + R"(","trace_id":"id-1","n":")" + after + "\"}";
  RC_ASSERT(values_in(line) == std::vector<std::string>{"id-1"});
}

TEST(TraceInResourceName, TakesTheIdOutOfGooglesSpelling) {
  EXPECT_EQ(trace_in_resource_name("projects/p/traces/abc"), "abc");
  EXPECT_EQ(trace_in_resource_name("projects/p"), "projects/p");
  EXPECT_EQ(trace_in_resource_name("my/traces/abc"), "my/traces/abc");
}

}  // namespace
}  // namespace waybill::cli
