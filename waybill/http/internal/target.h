// Target: the pieces of a request target (RFC 9112 section 3.2), decoded once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace waybill::http::internal {

// RFC 3986 section 2.1. Empty when a '%' is not followed by two hex digits.
std::optional<std::string> percent_decoded(std::string_view text);

// Names and values in their order, as HTML forms write them: '+' is a space, and a '%' that begins
// no escape stands for itself.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

// Both views are into the target. `query` is without its '?'.
struct Target {
  std::string_view path;
  std::string_view query;
};

// Takes the origin form ("/jobs?x=1"), the absolute form ("http://host/jobs") and "*". Empty for
// anything else, for characters that no target may hold and for malformed escapes in the path.
std::optional<Target> parse_target(std::string_view target);

// The decoded segments of a path: "/jobs/a%2Fb" has "jobs" and "a/b"; "/" has none; "/jobs/" ends
// with an empty one.
std::vector<std::string> path_segments(std::string_view path);

}  // namespace waybill::http::internal
