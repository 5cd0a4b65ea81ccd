#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/internal/response_writer.h>

namespace waybill::http::internal {
namespace {

using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(ResponseHead, HasStatusDateLengthAndHeaders) {
  Response response = Response::text(404, "gone");
  response.headers.add("X-A", "1");
  const std::string head = response_head(response, {});
  EXPECT_THAT(head, StartsWith("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_THAT(head, ContainsRegex("\r\nDate: [A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] "
                                  "[0-9]+ [0-9:]+ GMT\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: 4\r\n"));
  EXPECT_THAT(head, HasSubstr("\r\nX-A: 1\r\n"));
  EXPECT_THAT(head, Not(HasSubstr("Connection")));
  EXPECT_THAT(head, EndsWith("\r\n\r\n"));
  EXPECT_EQ(response_body(response, {}), "gone");
}

TEST(ResponseHead, OverridesTheFramingThatAHandlerSets) {
  Response response = Response::text(200, "abc");
  response.headers.add("content-length", "99");
  response.headers.add("Transfer-Encoding", "chunked");
  response.headers.add("Connection", "upgrade");
  const std::string head = response_head(response, {.keep_alive = false});
  EXPECT_THAT(head, Not(HasSubstr("99")));
  EXPECT_THAT(head, Not(HasSubstr("chunked")));
  EXPECT_THAT(head, Not(HasSubstr("upgrade")));
  EXPECT_THAT(head, HasSubstr("\r\nConnection: close\r\n"));
}

TEST(ResponseHead, TellsHttp10ThatTheConnectionStays) {
  EXPECT_THAT(response_head({}, {.http_1_0 = true}), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST(ResponseBody, IsNotSentToHead) {
  const Response response = Response::text(200, "abc");
  EXPECT_EQ(response_body(response, {.head_request = true}), "");
  EXPECT_THAT(response_head(response, {.head_request = true}), HasSubstr("Content-Length: 3"));
}

TEST(ResponseBody, IsNotSentWithAStatusThatHasNone) {
  for (const int status : {204, 304}) {
    const Response response = Response::text(status, "abc");
    EXPECT_EQ(response_body(response, {}), "");
    EXPECT_THAT(response_head(response, {}), Not(HasSubstr("Content-Length")));
  }
}

}  // namespace
}  // namespace waybill::http::internal
