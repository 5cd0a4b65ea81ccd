#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <string>

#include <unistd.h>

#include <waybill/core/error.h>
#include <waybill/pipeline/crash_handler.h>
#include <waybill/pipeline/internal/engine.h>

namespace waybill {
namespace {

using std::chrono::milliseconds;

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kStackBytes = 256 * 1024;

struct sigaction previous_actions[std::size(kSignals)];
std::terminate_handler previous_terminate = nullptr;
std::atomic<milliseconds::rep> timeout_ms = 0;
std::atomic<bool> crashing = false;

void write_out(const detail::Crash& crash) noexcept {
  internal::Engine& engine = internal::Engine::get();
  engine.collector().tell_of_crash(crash);
  const auto timeout = milliseconds(timeout_ms.load(std::memory_order_relaxed));
  // If this comes to a stop, the process still ends.
  std::signal(SIGALRM, SIG_DFL);
  alarm(static_cast<unsigned>(timeout.count() / 1000) + 2);
  engine.flush_in_crash(timeout);
  alarm(0);
}

void give_way_to_previous(int signal) noexcept {
  for (std::size_t i = 0; i < std::size(kSignals); ++i) {
    if (kSignals[i] == signal) sigaction(signal, &previous_actions[i], nullptr);
  }
}

void on_signal(int signal, siginfo_t* info, void*) noexcept {
  const int error = errno;
  if (!crashing.exchange(true)) write_out({.signal = signal, .address = info->si_addr});
  give_way_to_previous(signal);
  // A fault comes again when this returns; what somebody has sent does not.
  if (info->si_code <= 0) raise(signal);
  errno = error;
}

[[noreturn]] void on_terminate() noexcept {
  if (!crashing.exchange(true)) write_out({.exception = std::current_exception()});
  if (previous_terminate != nullptr) previous_terminate();
  std::abort();
}

void use_own_stack() {
  static char* const stack = new char[kStackBytes];
  stack_t alternative = {};
  alternative.ss_sp = stack;
  alternative.ss_size = kStackBytes;
  sigaltstack(&alternative, nullptr);
}

}  // namespace

void install_crash_handler(const CrashHandlerOptions& options) {
  if (options.timeout < milliseconds(1) || options.timeout > std::chrono::minutes(1)) {
    throw Error::bad_option("timeout", std::to_string(options.timeout.count()) + " ms",
                            "1 ms to 1 minute");
  }
  timeout_ms.store(options.timeout.count(), std::memory_order_relaxed);
  static std::once_flag once;
  std::call_once(once, [] {
    internal::Engine::get();  // made now: not in a signal handler
    use_own_stack();
    struct sigaction action = {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < std::size(kSignals); ++i) {
      sigaction(kSignals[i], &action, &previous_actions[i]);
    }
    previous_terminate = std::set_terminate(on_terminate);
  });
}

}  // namespace waybill
