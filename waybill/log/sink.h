// Sinks: where records go.
//
//   stdout_sink(), stderr_sink()    here
//   file_sink()                     here and in file_sink.h: rotation, retention, reopening
//   syslog_sink()                   syslog_sink.h
//   journald_sink()                 journald_sink.h
//   callback_sink()                 callback_sink.h
//
// Derive from LogSink for a place that takes lines, from LogRecordSink for one that wants each
// record by itself. Both run on the background thread: while one waits, nothing else is written.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <waybill/log/record.h>

namespace waybill {

// How much a sink has taken of what it was given, and what kept it from taking the rest.
struct SinkResult {
  std::size_t written = 0;  // bytes
  // With everything taken: something beside the lines went wrong (the file could not be rotated).
  std::error_code error = {};
};

class LogSink {
 public:
  virtual ~LogSink() = default;

  // Takes whole lines, each with its newline; what one call gets may be many of them, some tens of
  // kilobytes, after an outage up to a megabyte. It begins where the call before left off, which
  // may be inside a line. Called by one thread at a time. What is not taken is kept and offered
  // again, as far as memory is set aside for it: a sink needs no memory of its own, and reports
  // nothing.
  //
  // std::errc::resource_unavailable_try_again, or no error, is no failure: the place is busy, and
  // is asked again with the next batch. After any other error the sink is left alone for a while.
  virtual SinkResult write(std::string_view lines) noexcept = 0;

  // Sees to what time brings about (a file to be rotated or reopened). Called after each batch, and
  // some times a second while there is none.
  virtual void tick() noexcept {}

  // What a person knows the place by: "file '/var/log/app.log'". For reports of its failure.
  virtual std::string name() const { return "a sink"; }
};

class LogRecordSink {
 public:
  virtual ~LogRecordSink() = default;

  // Takes one record, which refers to memory that is another's after the call. Called by one thread
  // at a time. False, or an exception: the record is counted as lost.
  virtual bool write(const LogRecord& record) = 0;

  // The end of a batch: hands over what write() has collected. False: it is counted as failed, and
  // called again later.
  virtual bool flush() noexcept { return true; }

  // As LogSink::name().
  virtual std::string name() const { return "a sink of records"; }
};

namespace detail {
std::shared_ptr<LogSink> plain_file_sink(const std::string& path);
}

// Appends to `path`, which several processes may share: each batch of lines is one write to a file
// opened for appending. Missing folders are made. When another program (logrotate) has moved the
// file away, a new one is made in its place within a second. Throws Error when the file cannot be
// opened.
template <class Path>
  requires std::is_convertible_v<const Path&, std::string>
std::shared_ptr<LogSink> file_sink(const Path& path) {
  return detail::plain_file_sink(path);
}

// Standard output and standard error, whatever they are at the time of a write. A pipe whose reader
// has gone raises no signal. One that is full and non-blocking is waited for a tenth of a second at
// most, and then no more until it takes something again; one that blocks is waited for.
std::shared_ptr<LogSink> stdout_sink();
std::shared_ptr<LogSink> stderr_sink();

}  // namespace waybill
