#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <system_error>

#include <waybill/core/error.h>
#include <waybill/log/file_sink.h>
#include <waybill/log/internal/reopening.h>

namespace waybill {
namespace {

constinit std::atomic<std::uint64_t> g_requests{0};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);  // for use in a signal handler

struct sigaction g_before = {};

void on_sighup(int signal, siginfo_t* info, void* context) {
  const int error = errno;
  reopen_log_files();
  if ((g_before.sa_flags & SA_SIGINFO) != 0) {
    g_before.sa_sigaction(signal, info, context);
  } else if (g_before.sa_handler != SIG_DFL && g_before.sa_handler != SIG_IGN) {
    g_before.sa_handler(signal);
  }
  errno = error;
}

}  // namespace

void reopen_log_files() noexcept {
  g_requests.fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t internal::reopen_requests() noexcept {
  return g_requests.load(std::memory_order_relaxed);
}

void internal::reopen_on_sighup() {
  static std::mutex mutex;
  static bool installed = false;
  const std::lock_guard lock(mutex);
  if (installed) return;
  // First what it calls, then the handler itself.
  struct sigaction ours = {};
  const bool known = ::sigaction(SIGHUP, nullptr, &g_before) == 0;
  ours.sa_sigaction = on_sighup;
  ours.sa_mask = g_before.sa_mask;
  ours.sa_flags = SA_SIGINFO | SA_RESTART | (g_before.sa_flags & SA_ONSTACK);
  if (!known || ::sigaction(SIGHUP, &ours, nullptr) != 0) {
    throw Error("cannot handle SIGHUP: " +
                std::error_code(errno, std::generic_category()).message());
  }
  installed = true;
}

}  // namespace waybill
