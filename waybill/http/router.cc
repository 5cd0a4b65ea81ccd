#include <algorithm>

#include <waybill/core/error.h>
#include <waybill/http/headers.h>
#include <waybill/http/internal/target.h>
#include <waybill/http/router.h>

namespace waybill::http {
namespace {

void list_method(std::string& allow, std::string_view method) {
  if (!allow.empty()) allow += ", ";
  allow += method;
}

}  // namespace

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
  if (!is_token(method)) {
    throw Error::bad_option("method", method, "an HTTP method such as GET");
  }
  Route route{std::string(method), std::string(pattern), parse_pattern(pattern),
              std::move(handler)};
  for (const Route& other : routes_) {
    if (other.method == method && same_paths(other.segments, route.segments)) {
      throw Error::bad_option("pattern", pattern,
                              "one that no route of method " + route.method + " has yet");
    }
  }
  const auto place = std::upper_bound(routes_.begin(), routes_.end(), route, more_literal);
  routes_.insert(place, std::move(route));
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  const std::vector<std::string> segments = internal::path_segments(path);
  const Route* found = nullptr;
  const Route* found_get = nullptr;
  std::vector<std::string_view> methods;
  for (const Route& route : routes_) {
    if (!matches(route, segments)) continue;
    if (found == nullptr && route.method == method) found = &route;
    if (found_get == nullptr && route.method == "GET") found_get = &route;
    methods.push_back(route.method);
  }
  if (found == nullptr && method == "HEAD") found = found_get;

  Match match;
  if (found != nullptr) {
    match.handler = &found->handler;
    match.pattern = found->pattern;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      const Segment& segment = found->segments[i];
      if (segment.is_parameter) match.parameters.emplace_back(segment.text, segments[i]);
    }
    return match;
  }
  if (found_get != nullptr) methods.push_back("HEAD");
  std::sort(methods.begin(), methods.end());
  methods.erase(std::unique(methods.begin(), methods.end()), methods.end());
  for (const std::string_view allowed : methods) list_method(match.allow, allowed);
  return match;
}

std::vector<Router::Segment> Router::parse_pattern(std::string_view pattern) {
  constexpr std::string_view kExpected =
      "a path such as /jobs/{id}, each parameter a whole segment with a name of its own";
  if (!pattern.starts_with('/')) throw Error::bad_option("pattern", pattern, kExpected);
  std::vector<Segment> segments;
  for (const std::string& text : internal::path_segments(pattern)) {
    const bool is_parameter = text.size() > 2 && text.starts_with('{') && text.ends_with('}');
    Segment segment{is_parameter ? text.substr(1, text.size() - 2) : text, is_parameter};
    const bool repeated =
        is_parameter && std::any_of(segments.begin(), segments.end(), [&](const Segment& other) {
          return other.is_parameter && other.text == segment.text;
        });
    if (repeated || segment.text.find_first_of("{}") != std::string::npos) {
      throw Error::bad_option("pattern", pattern, kExpected);
    }
    segments.push_back(std::move(segment));
  }
  return segments;
}

bool Router::matches(const Route& route, const std::vector<std::string>& path) {
  return std::equal(route.segments.begin(), route.segments.end(), path.begin(), path.end(),
                    [](const Segment& segment, const std::string& text) {
                      return segment.is_parameter ? !text.empty() : segment.text == text;
                    });
}

bool Router::same_paths(const std::vector<Segment>& a, const std::vector<Segment>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Segment& x, const Segment& y) {
    return x.is_parameter == y.is_parameter && (x.is_parameter || x.text == y.text);
  });
}

bool Router::more_literal(const Route& a, const Route& b) {
  return std::lexicographical_compare(
      a.segments.begin(), a.segments.end(), b.segments.begin(), b.segments.end(),
      [](const Segment& x, const Segment& y) { return !x.is_parameter && y.is_parameter; });
}

Response no_route(const Router::Match& match) {
  if (match.allow.empty()) return Response::error(404, "not found");
  Response response = Response::error(405, "method not allowed");
  response.headers.set("Allow", match.allow);
  return response;
}

}  // namespace waybill::http
