// `waybill query`: the records of log files that a filter means.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <cli/exit_status.h>
#include <cli/filter.h>
#include <cli/terminal.h>

namespace waybill::cli {

struct QueryRequest {
  Filter filter;
  std::string trace;  // any spelling of its id, or its start; empty for all traces
  std::vector<std::string> paths;
  std::optional<std::uint64_t> limit;
  bool json = false;  // the lines as they were read
  bool sort = false;  // by time over all files, instead of file by file
};

// Writes the records to `out` as they are found, in memory that does not grow with the files, and
// to `err` what was skipped. Throws waybill::Error when a path does not exist.
ExitStatus run_query(const QueryRequest& request, const Terminal& terminal, std::ostream& out,
                     std::ostream& err);

}  // namespace waybill::cli
