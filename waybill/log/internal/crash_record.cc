// The last record of a process: what kills it, under the context of the thread that it happens to.
#include <charconv>
#include <csignal>
#include <string_view>

#include <waybill/log/internal/log_consumer.h>
#include <waybill/log/logger.h>

namespace waybill::internal {
namespace {

std::string_view name_of(int signal) noexcept {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    case SIGABRT:
      return "SIGABRT";
    default:
      return "a signal";
  }
}

// Signals that are raised at an address.
bool is_fault(int signal) noexcept {
  return signal != SIGABRT;
}

}  // namespace

// A text and a number are copied, nothing is formatted here: this may be a signal handler.
void LogConsumer::before_crash(const detail::Crash& crash) noexcept {
  if (crash.signal == 0) {
    crash_logger_.fatal("std::terminate() was called: {}", crash.exception);
  } else if (is_fault(crash.signal)) {
    crash_logger_.fatal("Killed by {} at address {}", name_of(crash.signal), crash.address);
  } else {
    crash_logger_.fatal("Killed by {}", name_of(crash.signal));
  }
}

}  // namespace waybill::internal
