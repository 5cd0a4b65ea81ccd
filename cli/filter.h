// Filter: which records a person wants, as a tree. A plain value.
//
// filter_parser.h makes one from text; filter_match.h asks whether a record is one of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <cli/severity.h>
#include <cli/timestamp.h>
#include <waybill/core/ids.h>

namespace waybill::cli {

// The record's message contains this, whatever the case.
struct MessageContains {
  std::string text;
};

// The line that the record was read from contains this, in the same case.
struct LineContains {
  std::string text;
};

struct Comparison {
  enum class Operator : std::uint8_t {
    kEqual,
    kNotEqual,
    kLess,
    kLessOrEqual,
    kGreater,
    kGreaterOrEqual,
    kContains,
  };
  // What is compared; only kField needs a key.
  enum class Subject : std::uint8_t {
    kField,
    kTime,
    kSeverity,
    kMessage,
    kLogger,
    kService,
    kTraceId,
    kSpanId,
    kParentSpanId,
  };

  Subject subject = Subject::kField;
  std::string key;
  Operator op = Operator::kEqual;
  std::string text;
  // The text as what the subject calls for, worked out once.
  std::optional<double> number;      // kField, where a number was meant
  Nanoseconds time = 0;              // kTime
  std::optional<Severity> severity;  // kSeverity, but not for kContains
  TraceId trace_id = {};             // kTraceId
  // LogQL's: `http_route` means the field "http.route", too, and what a record does not have is the
  // empty text.
  bool is_label = false;
};

struct Filter;

struct Not {
  std::vector<Filter> filter;  // exactly one
};

// All of them; of none, true.
struct All {
  std::vector<Filter> filters;
};

// At least one of them.
struct Any {
  std::vector<Filter> filters;
};

struct Filter {
  // By default, every record.
  std::variant<All, Any, Not, Comparison, MessageContains, LineContains> node;
};

}  // namespace waybill::cli
