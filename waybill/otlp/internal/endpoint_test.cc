#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/otlp/internal/endpoint.h>

namespace waybill::internal {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(HttpEndpoint, IsLeftAsItIsButForTheRootPath) {
  for (const std::string url :
       {"http://a/", "https://a:1/b/c/", "http://a/b?c=d", "http://[::1]:4318/"}) {
    EXPECT_EQ(http_endpoint("endpoint", url).url, url);
  }
  EXPECT_EQ(http_endpoint("endpoint", "http://a:4318").url, "http://a:4318/");
  EXPECT_EQ(http_endpoint("endpoint", "http://a?b=c").url, "http://a/?b=c");
}

TEST(HttpEndpoint, SaysWhetherItIsEncryptedAndNear) {
  EXPECT_TRUE(http_endpoint("endpoint", "https://a").use_tls);
  EXPECT_FALSE(http_endpoint("endpoint", "http://a").use_tls);
  for (const std::string near : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]"}) {
    EXPECT_TRUE(http_endpoint("endpoint", "http://" + near + ":4318").is_loopback) << near;
  }
  EXPECT_FALSE(http_endpoint("endpoint", "http://localhost.example.com").is_loopback);
}

TEST(HttpEndpoint, RefusesAnythingElse) {
  for (const std::string text :
       {"", "localhost:4318", "ftp://a", "http://", "http://a b", "http://a:x", "http:/a",
        "file:///etc/passwd", "http://a/\r\nX: y"}) {
    try {
      http_endpoint("endpoint", text);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("'endpoint'"));
    }
  }
}

TEST(HttpEndpoint, DoesNotRepeatAPassword) {
  try {
    http_endpoint("endpoint", "http://user:secret@a/");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
}

TEST(GrpcEndpoint, IsWhatGrpcResolves) {
  const struct {
    std::string_view text;
    bool insecure;
    std::string_view target;
    bool use_tls;
  } cases[] = {
      {"http://a:4317", false, "a:4317", false},  // the scheme wins
      {"https://a:4317/", true, "a:4317", true},
      {"https://a", false, "a:443", true},
      {"http://[::1]", false, "[::1]:80", false},
      {"a:4317", false, "a:4317", true},
      {"a:4317", true, "a:4317", false},
      {"unix:/run/otel.sock", true, "unix:/run/otel.sock", false},
  };
  for (const auto& [text, insecure, target, use_tls] : cases) {
    const Endpoint endpoint = grpc_endpoint("endpoint", text, insecure);
    EXPECT_EQ(endpoint.url, target);
    EXPECT_EQ(endpoint.use_tls, use_tls) << text;
  }
  EXPECT_TRUE(grpc_endpoint("endpoint", "localhost:4317", true).is_loopback);
  EXPECT_THROW(grpc_endpoint("endpoint", "", true), Error);
}

}  // namespace
}  // namespace waybill::internal
