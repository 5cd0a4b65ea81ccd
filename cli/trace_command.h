// `waybill trace`: the story of one trace, from log files.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <cli/exit_status.h>
#include <cli/terminal.h>

namespace waybill::cli {

struct TraceRequest {
  std::string id;  // any spelling of it, or its start; see trace_matcher.h
  std::vector<std::string> paths;
  bool json = false;  // the records as they were read, in time order, instead of the picture
};

// Writes the story to `out`, and to `err` what went wrong or was skipped. Throws waybill::Error
// when a path does not exist. Keeps the records of the trace asked for in memory, and nothing else.
ExitStatus run_trace(const TraceRequest& request, const Terminal& terminal, std::ostream& out,
                     std::ostream& err);

}  // namespace waybill::cli
