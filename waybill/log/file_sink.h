// file_sink: lines in a file that is rotated by size or time, and does not grow for ever.
//
//   auto sink = waybill::file_sink({.path = "logs/web.log",
//                                   .max_bytes = 100'000'000,
//                                   .rotate_every = 24h,       // at midnight UTC
//                                   .keep_files = 14});
//
// A rotated file is web.log.2026-11-21T00-00-00Z, by the time (UTC) when it was; the next one of
// the same second has .000001 behind it. The names sort by age, and none is ever used twice. A line
// is never spread over two files. What cannot be rotated is written on where it is, reported once,
// and tried again after ten seconds.
//
// Several processes may append to one file unless one of them rotates it: leave that to logrotate
// then, whose moves (not its copytruncate) are noticed within a second, or with reopen_on_sighup at
// once. Where a disk is full, no line stays torn: what was written of it is taken back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include <waybill/log/sink.h>

namespace waybill {

enum class FileSync : std::uint8_t {
  kNone,       // the operating system writes to the disk when it likes: within half a minute
  kEachBatch,  // fdatasync() after each batch of lines, some milliseconds on most disks: for logs
               // that must survive a power cut
};

struct FileSinkOptions {
  // Made with its folders if missing. Relative to the folder in which the process is now.
  std::string path = {};

  // When to rotate: before a line that would make the file larger, and when a period is over.
  // Periods are counted from 1970 on, UTC: 1h ends at the full hour. At most 366 days. 0: never.
  std::uint64_t max_bytes = 0;
  std::chrono::seconds rotate_every{0};

  // Which rotated files stay; the oldest goes first. 0: no limit. Each needs max_bytes or
  // rotate_every. Files with a further suffix (.gz) are not counted, and not removed.
  std::size_t keep_files = 0;
  std::uint64_t keep_total_bytes = 0;  // of all rotated files together
  std::chrono::seconds max_age{0};     // since they were rotated

  // Opens the file anew on SIGHUP, which then no longer ends the process. What handled the signal
  // before is called, too; to handle it differently, call reopen_log_files() in a handler.
  bool reopen_on_sighup = false;

  FileSync sync = FileSync::kNone;
};

// Throws Error for a file that cannot be opened and for options that cannot be met; rotation needs
// a regular file.
std::shared_ptr<LogSink> file_sink(FileSinkOptions options);

// All files are opened anew by their paths before the next line is written. Thread-safe, and
// async-signal-safe.
void reopen_log_files() noexcept;

}  // namespace waybill
