// From the text of a filter to its tree.
//
//   zip=98101 severity>=WARN worker="weather-fetcher"
//   timeout OR (http.status>=500 NOT service~test)
//
//   filter     = and *( "OR" and )
//   and        = unary *( [ "AND" ] unary )
//   unary      = ( "NOT" / "-" ) unary / primary
//   primary    = "(" filter ")" / comparison / text
//   comparison = text operator text
//   operator   = "=" / "!=" / "<" / "<=" / ">" / ">=" / "~"
//   text       = word / DQUOTE *( character / "\" character ) DQUOTE
//
// AND, OR and NOT are those in capitals only. A text alone is sought in the message.
//
// A filter that begins with a "{" is LogQL; see logql_parser.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

#include <cli/filter.h>

namespace waybill::cli {

inline constexpr std::size_t kLongestFilter = 16'384;
inline constexpr int kDeepestFilter = 100;

struct FilterError {
  std::size_t position;  // in bytes, from 0; the text's size when something is missing at its end
  std::string expected;  // "a value after '>='"
};

// Times relative to now, as in `time>15m`, are reckoned from `now`. Empty text is every record.
std::variant<Filter, FilterError> parse_filter(std::string_view text, Nanoseconds now);

// The error for people, in two lines: the filter, and below it a caret under the place and what was
// expected there.
std::string describe(const FilterError& error, std::string_view filter);

}  // namespace waybill::cli
