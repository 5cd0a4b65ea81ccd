#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/http/message.h>

namespace waybill::http {
namespace {

using testing::Eq;
using testing::Optional;

TEST(Request, FindsItsParametersAndHeaders) {
  Request request;
  request.query_parameters = {{"zip", "94043"}, {"zip", "2"}, {"flag", ""}};
  request.path_parameters = {{"id", "7"}};
  request.headers.add("Accept", "*/*");
  EXPECT_THAT(request.query("zip"), Optional(Eq("94043")));
  EXPECT_THAT(request.query("flag"), Optional(Eq("")));
  EXPECT_EQ(request.query("ZIP"), std::nullopt);
  EXPECT_THAT(request.param("id"), Optional(Eq("7")));
  EXPECT_EQ(request.param("zip"), std::nullopt);
  EXPECT_THAT(request.header("accept"), Optional(Eq("*/*")));
}

TEST(Response, IsMadeWithItsContentType) {
  EXPECT_THAT(Response::json(201, "{}").header("Content-Type"), Optional(Eq("application/json")));
  EXPECT_THAT(Response::text(200, "a").header("Content-Type"),
              Optional(Eq("text/plain; charset=utf-8")));
  EXPECT_THAT(Response::html(200, "a").header("Content-Type"),
              Optional(Eq("text/html; charset=utf-8")));
  EXPECT_EQ(Response::json(201, "{}").status, 201);
  EXPECT_EQ(Response::text(200, "a").body, "a");
}

TEST(Response, EscapesAnErrorsMessage) {
  EXPECT_EQ(Response::error(400, "no \"x\"\n").body, R"({"error": "no \"x\"\n"})");
}

TEST(ReasonPhrase, KnowsTheStatusesThatHaveNames) {
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(431), "Request Header Fields Too Large");
  EXPECT_EQ(reason_phrase(299), "");
}

}  // namespace
}  // namespace waybill::http
