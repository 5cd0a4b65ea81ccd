#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <waybill/http/headers.h>

namespace waybill::http {
namespace {

using testing::Eq;
using testing::Optional;

TEST(Headers, FindsNamesInAnyCase) {
  const Headers headers{{"Content-Type", "text/plain"}};
  EXPECT_THAT(headers.get("content-TYPE"), Optional(Eq("text/plain")));
  EXPECT_EQ(headers.get("Content-Typ"), std::nullopt);
}

TEST(Headers, KeepsSeveralValuesInTheirOrder) {
  Headers headers{{"A", "1"}, {"B", "x"}};
  headers.add("a", "2");
  EXPECT_EQ(headers.count("A"), 2U);
  EXPECT_THAT(headers.get("A"), Optional(Eq("1")));
  EXPECT_EQ(headers.get_joined("A"), "1,2");
  EXPECT_EQ(headers.get_joined("C"), "");
}

TEST(Headers, SetReplacesAllValuesInThePlaceOfTheFirst) {
  Headers headers{{"A", "1"}, {"B", "x"}, {"a", "2"}};
  EXPECT_TRUE(headers.set("A", "3"));
  EXPECT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers.begin()->value, "3");
  EXPECT_TRUE(headers.set("C", "new"));
  EXPECT_TRUE(headers.contains("c"));
}

TEST(Headers, SetTakesAViewOfItsOwnValue) {
  Headers headers{{"A", "one"}, {"A", "a second value, longer than any small string"}};
  const std::string_view second = std::next(headers.begin())->value;
  headers.set("A", second);
  EXPECT_EQ(headers.get_joined("A"), "a second value, longer than any small string");
}

TEST(Headers, EraseTakesAllValuesOfAName) {
  Headers headers{{"A", "1"}, {"B", "x"}, {"a", "2"}};
  headers.erase("A");
  EXPECT_FALSE(headers.contains("A"));
  EXPECT_TRUE(headers.contains("B"));
  headers.erase("B");
  EXPECT_TRUE(headers.empty());
}

TEST(Headers, RefusesNamesThatAreNoTokens) {
  Headers headers;
  for (const char* name : {"", "a b", "a:", "a\r\nb", "\xc3\xa4", "(a)"}) {
    EXPECT_FALSE(headers.add(name, "x")) << name;
    EXPECT_FALSE(headers.set(name, "x")) << name;
    EXPECT_FALSE(is_token(name)) << name;
  }
  EXPECT_TRUE(headers.empty());
  EXPECT_TRUE(is_token("X-Trace_ID.1~"));
}

RC_GTEST_PROP(Headers, NoValueCanEndItsLine, (const std::string& value)) {
  Headers headers;
  headers.add("A", value + "\r\nInjected: yes\n");
  const std::string kept(*headers.get("A"));
  RC_ASSERT(kept.find_first_of(std::string("\r\n\0", 3)) == std::string::npos);
}

TEST(Headers, FindsTokensInLists) {
  const Headers headers{{"Connection", "Upgrade ,\tClose"}, {"Connection", "keep-alive"}};
  EXPECT_TRUE(headers.lists_token("connection", "close"));
  EXPECT_TRUE(headers.lists_token("connection", "Keep-Alive"));
  EXPECT_FALSE(headers.lists_token("connection", "clos"));
  EXPECT_FALSE(headers.lists_token("other", "close"));
}

}  // namespace
}  // namespace waybill::http
