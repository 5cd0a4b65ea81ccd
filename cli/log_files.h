// LogFile: one file that a command reads, and how the paths on a command line become files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace waybill::cli {

struct LogFile {
  std::string path;  // as it was given or found; "-" is standard input
  // The file's name without folders and without what follows the first dot after its first
  // character: "weather-fetcher" for logs/weather-fetcher.log.1. "stdin" for standard input.
  std::string name;

  bool is_stdin() const noexcept { return path == "-"; }
};

LogFile log_file(std::string path);

// The files that `paths` mean: a file is itself, a directory stands for all *.log, *.json, *.jsonl
// and *.ndjson under it (links to directories are not followed), by name. A file named twice is
// read once. Folders that may not be entered are left out and added to `unreadable`. Throws
// waybill::Error when a path does not exist.
std::vector<LogFile> find_log_files(const std::vector<std::string>& paths,
                                    std::vector<std::string>& unreadable);

}  // namespace waybill::cli
