// `waybill queue`: what is in a queue, and what has become of its dead letters.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include <cli/exit_status.h>

namespace waybill::cli {

struct QueueRequest {
  std::string action;  // depth, peek, dead, show, retry or remove
  std::string url;     // see waybill/queue/queue.h
  std::vector<std::string> ids;
  bool all = false;   // of retry and remove: instead of ids
  std::string trace;  // only of this trace, in any spelling; empty: of any
  std::size_t limit = 20;
  bool json = false;
};

// Writes what was asked for to `out`, and to `err` what is not there. Throws waybill::Error where
// the queue cannot be opened, or its storage fails.
ExitStatus run_queue(const QueueRequest& request, std::ostream& out, std::ostream& err);

}  // namespace waybill::cli
