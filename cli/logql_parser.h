// From a query in LogQL, Grafana Loki's language, to the tree of a filter.
//
//   {service="execution-gateway"} | json | duration_ms > 500
//   {service="web", level!="info"} |= "timeout" != "health" | json | status >= 500 or zip = "98101"
//
//   query   = "{" [ matcher *( "," matcher ) ] "}" *( line / "|" ( "json" / labels ) )
//   matcher = label ( "=" / "!=" ) string
//   line    = ( "|=" / "!=" ) string *( "or" string )
//   labels  = term *( ( "and" / "," ) term ) / term *( "or" term )
//   term    = "(" labels ")" / label ( "=" / "==" / "!=" / "<" / "<=" / ">" / ">=" ) value
//   value   = string / number
//
// A label is a part or a field of the record, by its name, or with '_' for what cannot stand in a
// label's name. Every record's fields are there, with `| json` or without. Line filters look at the
// line as it was read. "and" beside "or" wants parentheses. What else LogQL has is refused, and the
// error says what to write.
#pragma once

#include <string_view>

#include <cli/filter.h>

namespace waybill::cli {

// Whether `text` is meant as LogQL: it begins with a "{".
bool is_logql(std::string_view text) noexcept;

// Throws FilterError (filter_parser.h, which calls this).
Filter parse_logql(std::string_view text, Nanoseconds now);

}  // namespace waybill::cli
