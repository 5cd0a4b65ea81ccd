// Router: which handler answers a method and a path.
//
//   router.add("GET", "/jobs/{id}", job);
//
// A pattern is a path whose segments are literal text or, in braces, the name of a parameter that
// stands for exactly one non-empty segment. Literal text wins over a parameter: "/jobs/new" is
// answered by the route of that name, even if "/jobs/{id}" was added before. "/jobs/" is not
// "/jobs". Segments are compared and handed over percent-decoded, so a parameter can hold a slash.
//
// Add all routes first; finding is then thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <waybill/http/handler.h>
#include <waybill/http/message.h>

namespace waybill::http {

class Router {
 public:
  // Throws Error when `method` is not a token, when the pattern does not begin with '/', has an
  // empty, repeated or misplaced parameter, or is there already for this method.
  void add(std::string_view method, std::string_view pattern, Handler handler);

  struct Match {
    const Handler* handler = nullptr;  // null: no route; the router's, valid while it lives
    std::string_view pattern;
    Parameters parameters;
    // When no route has this method but some have the path: the value of an Allow header (RFC 9110
    // section 10.2.1), "GET, HEAD, POST". Empty: no route has the path.
    std::string allow;
  };
  // A HEAD request is answered by the GET route where there is none of its own.
  Match find(std::string_view method, std::string_view path) const;

 private:
  struct Segment {
    std::string text;  // the literal, or the parameter's name
    bool is_parameter;
  };
  struct Route {
    std::string method;
    std::string pattern;
    std::vector<Segment> segments;
    Handler handler;
  };

  static std::vector<Segment> parse_pattern(std::string_view pattern);
  static bool matches(const Route& route, const std::vector<std::string>& path);
  static bool same_paths(const std::vector<Segment>& a, const std::vector<Segment>& b);
  static bool more_literal(const Route& a, const Route& b);

  std::vector<Route> routes_;  // the more literal ones first
};

// 404, or 405 with its Allow header, for a match without a handler.
Response no_route(const Router::Match& match);

}  // namespace waybill::http
