// LogSink: where lines go. file_sink(), stdout_sink() and stderr_sink() come with the library;
// derive from LogSink for another.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace waybill {

class LogSink {
 public:
  virtual ~LogSink() = default;

  // Takes one whole line, newline included; from many threads at a time. False when it could not be
  // written: the logger counts it and goes on.
  virtual bool write(std::string_view line) noexcept = 0;
};

// Appends to `path`, which several processes may share: each line is one write to a file opened for
// appending, in the file when the log call returns. Missing folders are made. Throws Error when the
// file cannot be opened.
std::shared_ptr<LogSink> file_sink(const std::string& path);

std::shared_ptr<LogSink> stdout_sink();
std::shared_ptr<LogSink> stderr_sink();

}  // namespace waybill
