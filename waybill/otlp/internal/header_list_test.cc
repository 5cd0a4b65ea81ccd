#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/header_list.h>

namespace waybill::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::string error_of(std::string_view list) {
  try {
    parse_header_list("HEADERS", list);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(HeaderList, IsPairsWithCommasBetweenThem) {
  EXPECT_THAT(parse_header_list("o", "api-key=secret,x-tenant=acme"),
              ElementsAre(Pair("api-key", "secret"), Pair("x-tenant", "acme")));
  EXPECT_THAT(parse_header_list("o", " a = 1 ,\tb= , ,"),
              ElementsAre(Pair("a", "1"), Pair("b", "")));
  EXPECT_THAT(parse_header_list("o", ""), ElementsAre());
}

TEST(HeaderList, DecodesPercentInValues) {
  EXPECT_THAT(parse_header_list("o", "authorization=Basic%20dXNlcg==,x=a%2Cb%3db"),
              ElementsAre(Pair("authorization", "Basic dXNlcg=="), Pair("x", "a,b=b")));
  EXPECT_THAT(parse_header_list("o", "x=100%,y=%zz,z=%4"),
              ElementsAre(Pair("x", "100%"), Pair("y", "%zz"), Pair("z", "%4")));
}

TEST(HeaderList, RefusesWhatIsNoHeader) {
  EXPECT_THAT(error_of("=x"), HasSubstr("option 'HEADERS': ''"));
  EXPECT_THAT(error_of("two words=x"), HasSubstr("two words"));
  EXPECT_THAT(error_of("a:b=x"), HasSubstr("a:b"));
  EXPECT_THAT(error_of("Content-Length=7"), HasSubstr("does not set by itself"));
}

TEST(HeaderList, DoesNotLetAValueBeginAnotherHeader) {
  EXPECT_THAT(error_of("x=a%0d%0aHost: b"), HasSubstr("control characters"));
  EXPECT_THAT(error_of("x=a%00"), HasSubstr("control characters"));
}

TEST(HeaderList, KeepsSecretsOutOfErrors) {
  EXPECT_THAT(error_of("api-key=a,secret"), Not(HasSubstr("secret")));
  EXPECT_THAT(error_of("x=secret%0a"), Not(HasSubstr("secret")));
}

}  // namespace
}  // namespace waybill::internal
