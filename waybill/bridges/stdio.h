// Capture of std::cout, std::cerr, std::clog, printf() and their like: each line that a program
// prints becomes a log record under the context of the thread that printed it.
//
//   #include <waybill/bridges/stdio.h>
//   const waybill::StdioCapture capture;
//
//   std::clog << "Fetching weather for ZIP " << zip << '\n';     // as before
//   std::printf("%d stations\n", stations);
//   // [2026-11-20T23:58:01.000042Z] [-] [batch-job-2025-10-21] WARN - Fetching weather for …
//   // [2026-11-20T23:58:01.000063Z] [-] [batch-job-2025-10-21] INFO - 3 stations
//
// Lines are put together for each thread by itself: what threads print at the same time does not
// mix, whatever pieces it comes in. A line has the context that is current when its newline is
// written; one without a newline ends with its thread, with the capture, or with the process, under
// the context of its last piece. Empty lines make no record.
//
// Needs glibc. Whoever uses it links waybill::log.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>

#include <waybill/bridges/stdio/capture_settings.h>
#include <waybill/bridges/stdio/replaced_streams.h>
#include <waybill/core/error.h>
#include <waybill/log/log.h>

namespace waybill {

struct StdioCaptureOptions {
  // std::cout and stdout.
  bool standard_output = true;
  std::string_view output_logger = "stdout";
  Level output_level = Level::kInfo;

  // std::cerr, std::clog and stderr.
  bool standard_error = true;
  std::string_view error_logger = "stderr";
  Level error_level = Level::kWarn;

  // In bytes, 64 to 1 MiB: a longer line becomes several records.
  std::size_t longest_line = 16 * 1024;
};

// Captures while it lives; one at a time. To be made at the start of a program and destroyed at its
// end, as other threads must not print while the variables stdout and stderr are replaced and given
// back. A program that ends by exit() need not destroy it: what it printed gets out. Throws Error
// for options out of range, and when there is a capture already.
//
// What goes to the descriptors 1 and 2 themselves is not seen: write(), child processes, wide
// streams. Waybill's own console sinks are of that kind, so that their lines do not come back; what
// a sink of one's own prints goes where it always went. fileno(stdout) is -1 meanwhile, as there is
// no descriptor behind it: use STDOUT_FILENO.
class StdioCapture {
 public:
  explicit StdioCapture(const StdioCaptureOptions& options = {}) {
    if (options.longest_line < 64 || options.longest_line > (std::size_t{1} << 20)) {
      throw Error::bad_option("longest_line", std::to_string(options.longest_line), "64 to 1 MiB");
    }
    if (is_active().exchange(true)) throw Error("there is a StdioCapture already");
    try {
      streams().capture(stdio_bridge::detail::keep_settings(
          {.longest_line = options.longest_line,
           .streams = {
               {{logger(options.output_logger), options.output_level, options.standard_output},
                {logger(options.error_logger), options.error_level, options.standard_error}}}}));
    } catch (...) {
      is_active() = false;
      throw;
    }
  }
  StdioCapture(const StdioCapture&) = delete;
  StdioCapture& operator=(const StdioCapture&) = delete;

  // Records what has been printed without a newline, by whatever thread, and gives the streams
  // back.
  ~StdioCapture() {
    streams().give_back();
    is_active() = false;
  }

 private:
  static stdio_bridge::detail::ReplacedStreams& streams() {
    return stdio_bridge::detail::ReplacedStreams::get();
  }
  static std::atomic<bool>& is_active() noexcept {
    static constinit std::atomic<bool> active = false;
    return active;
  }
};

}  // namespace waybill
