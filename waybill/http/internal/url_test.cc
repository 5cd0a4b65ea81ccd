#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/internal/url.h>

namespace waybill::http::internal {
namespace {

using testing::HasSubstr;

struct UrlCase {
  const char* text;
  const char* host;
  std::uint16_t port;
  const char* authority;
  const char* target;
};

class ParseUrl : public testing::TestWithParam<UrlCase> {};

TEST_P(ParseUrl, TakesApart) {
  const ParsedUrl parsed = parse_url(GetParam().text);
  ASSERT_FALSE(parsed.error) << parsed.message;
  EXPECT_EQ(parsed.url.host, GetParam().host);
  EXPECT_EQ(parsed.url.port, GetParam().port);
  EXPECT_EQ(parsed.url.authority, GetParam().authority);
  EXPECT_EQ(parsed.url.target, GetParam().target);
}

INSTANTIATE_TEST_SUITE_P(Valid, ParseUrl,
                         testing::Values(UrlCase{"http://a", "a", 80, "a", "/"},
                                         UrlCase{"HTTP://A.Example:8080/x?y#z", "a.example", 8080,
                                                 "a.example:8080", "/x?y"},
                                         UrlCase{"http://a:80/", "a", 80, "a", "/"},
                                         UrlCase{"http://a:/b", "a", 80, "a", "/b"},
                                         UrlCase{"http://a?q", "a", 80, "a", "/?q"},
                                         UrlCase{"http://127.0.0.1:1/", "127.0.0.1", 1,
                                                 "127.0.0.1:1", "/"},
                                         UrlCase{"http://[::1]:81/", "::1", 81, "[::1]:81", "/"},
                                         UrlCase{"http://[::1]", "::1", 80, "[::1]", "/"}));

TEST(ParseUrlRefuses, MalformedUrls) {
  for (const char* text :
       {"", "a", "/path", "http:/a", "http://", "http://:80/", "http://a:b/", "http://a:0/",
        "http://a:65536/", "http://u@a/", "http://u:p@a/", "http://[::1/", "http://[::1]x/",
        "http://a b/", "http://a/\r\nX: y", "http://a/ b", "http://\xc3\xa4/"}) {
    EXPECT_EQ(parse_url(text).error, ClientError::kBadRequest) << text;
  }
}

TEST(ParseUrlRefuses, OtherSchemesByName) {
  for (const char* text : {"https://a/", "ws://a/", "file:///etc/passwd"}) {
    const ParsedUrl parsed = parse_url(text);
    EXPECT_EQ(parsed.error, ClientError::kUnsupportedScheme) << text;
    EXPECT_THAT(parsed.message, HasSubstr("only http://"));
    EXPECT_THAT(parsed.message, HasSubstr(text));
  }
}

TEST(Url, NamesItsHostAlwaysWithThePort) {
  EXPECT_EQ(parse_url("http://a/").url.host_and_port(), "a:80");
  EXPECT_EQ(parse_url("http://[::1]:81/").url.host_and_port(), "[::1]:81");
}

}  // namespace
}  // namespace waybill::http::internal
