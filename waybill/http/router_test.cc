#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <waybill/core/error.h>
#include <waybill/http/router.h>

namespace waybill::http {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;
using testing::Pair;

Response ok(const Request&) {
  return Response::text(200, "ok");
}

Router router_with(std::initializer_list<std::pair<const char*, const char*>> routes) {
  Router router;
  for (const auto& [method, pattern] : routes) router.add(method, pattern, ok);
  return router;
}

TEST(Router, MatchesLiteralPathsExactly) {
  const Router router = router_with({{"GET", "/"}, {"GET", "/jobs"}});
  EXPECT_EQ(router.find("GET", "/").pattern, "/");
  EXPECT_EQ(router.find("GET", "/jobs").pattern, "/jobs");
  for (const char* path : {"/jobs/", "/job", "/jobs/7", "//jobs", "/Jobs"}) {
    EXPECT_EQ(router.find("GET", path).handler, nullptr) << path;
  }
}

TEST(Router, GivesParametersDecoded) {
  const Router router = router_with({{"GET", "/users/{user}/jobs/{id}"}});
  const Router::Match match = router.find("GET", "/users/a%20b/jobs/x%2Fy");
  EXPECT_EQ(match.pattern, "/users/{user}/jobs/{id}");
  EXPECT_THAT(match.parameters, ElementsAre(Pair("user", "a b"), Pair("id", "x/y")));
}

TEST(Router, ParametersAreNeverEmpty) {
  const Router router = router_with({{"GET", "/jobs/{id}"}});
  EXPECT_EQ(router.find("GET", "/jobs/").handler, nullptr);
}

TEST(Router, PrefersLiteralTextToAParameter) {
  const Router router =
      router_with({{"GET", "/{a}/{b}"}, {"GET", "/jobs/{id}"}, {"GET", "/jobs/new"}});
  EXPECT_EQ(router.find("GET", "/jobs/new").pattern, "/jobs/new");
  EXPECT_EQ(router.find("GET", "/jobs/7").pattern, "/jobs/{id}");
  EXPECT_EQ(router.find("GET", "/other/new").pattern, "/{a}/{b}");
}

TEST(Router, FallsBackToAParameterForAnotherMethod) {
  const Router router = router_with({{"GET", "/jobs/new"}, {"DELETE", "/jobs/{id}"}});
  EXPECT_EQ(router.find("DELETE", "/jobs/new").pattern, "/jobs/{id}");
}

TEST(Router, ListsTheMethodsOfAPath) {
  const Router router = router_with({{"POST", "/jobs"}, {"GET", "/jobs"}, {"PUT", "/{other}"}});
  const Router::Match match = router.find("DELETE", "/jobs");
  EXPECT_EQ(match.handler, nullptr);
  EXPECT_EQ(match.allow, "GET, HEAD, POST, PUT");
  EXPECT_THAT(router.find("GET", "/a/b").allow, IsEmpty());
}

TEST(Router, AnswersHeadByTheRouteOfGet) {
  const Router router = router_with({{"GET", "/a"}, {"GET", "/b"}, {"HEAD", "/b"}});
  EXPECT_EQ(router.find("HEAD", "/a").handler, router.find("GET", "/a").handler);
  EXPECT_NE(router.find("HEAD", "/b").handler, router.find("GET", "/b").handler);
}

TEST(Router, RefusesBadPatterns) {
  for (const char* pattern :
       {"", "jobs", "/{}", "/{a", "/a}", "/x{a}", "/{a}/{a}", "/{a}b", "/{{a}}"}) {
    Router router;
    EXPECT_THROW(router.add("GET", pattern, ok), Error) << pattern;
  }
  Router router;
  EXPECT_THROW(router.add("G ET", "/", ok), Error);
}

TEST(Router, RefusesTheSamePathTwice) {
  Router router = router_with({{"GET", "/jobs/{id}"}});
  router.add("POST", "/jobs/{id}", ok);
  try {
    router.add("GET", "/jobs/{name}", ok);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/jobs/{name}"));
  }
}

TEST(NoRoute, Is404Or405WithTheAllowedMethods) {
  EXPECT_EQ(no_route({}).status, 404);
  Router::Match match;
  match.allow = "GET, HEAD";
  EXPECT_EQ(no_route(match).status, 405);
  EXPECT_THAT(no_route(match).header("Allow"), Optional(Eq("GET, HEAD")));
}

}  // namespace
}  // namespace waybill::http
