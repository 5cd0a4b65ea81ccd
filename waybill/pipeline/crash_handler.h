// The crash handler: what is in the rings when the process is about to die is written out first.
//
//   waybill::install_crash_handler();          // at the start of main()
//
// Opt-in, as signal handlers are the program's to set. It handles SIGSEGV, SIGBUS, SIGFPE, SIGILL
// and SIGABRT (so also failed assertions and abort()), and std::terminate: a last record says what
// happened, under the context of the thread that it happened to; the background thread writes out
// all that is pending; then what would have happened without takes its course: the handler that was
// there before, or the end of the process with a core dump.
//
// Records that another thread had not finished writing are lost. When it is the background thread
// itself that crashed, its work is continued behind the record that it crashed on, as far as that
// is possible in a process in such a state. A kill -9 cannot be handled.
#pragma once

#include <chrono>

namespace waybill {

struct CrashHandlerOptions {
  // How long the death of the process may be put off. 1 ms to 1 minute.
  std::chrono::milliseconds timeout{5'000};
};

// Once a process; later calls change the options. Also gives the calling thread a stack of its own
// for the handler, so that a stack overflow there can be handled; on other threads it cannot.
// Throws Error for a timeout out of range.
void install_crash_handler(const CrashHandlerOptions& options = {});

}  // namespace waybill
