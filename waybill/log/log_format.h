// LogFormat: how a record becomes a line. Derive from it for a form that is not among those of
// format.h.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <waybill/log/record.h>

namespace waybill {

class LogFormat {
 public:
  virtual ~LogFormat() = default;

  // Appends one line, newline included. Called from many threads at a time. No text that came from
  // outside may end the line early or imitate another: control characters are to be escaped.
  virtual void format(const LogRecord& record, std::string& out) const = 0;
};

// Other names for keys, those of the format and those of fields: {{"trace_id", "traceId"}}. What is
// renamed to "" is left out. Two keys cannot get the same name, and none the name that another key
// of the format has: what makes a format throws Error then, and for names of more than 200
// characters or with control characters.
using KeyNames = std::vector<std::pair<std::string, std::string>>;

}  // namespace waybill
