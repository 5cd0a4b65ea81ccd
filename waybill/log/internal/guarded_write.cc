#include <cerrno>
#include <csignal>
#include <ctime>

#include <unistd.h>

#include <waybill/log/internal/guarded_write.h>

namespace waybill::internal {
namespace {

// Holds back SIGPIPE and SIGXFSZ, which the kernel sends to the thread that writes. What a write
// has raised is taken back before they are let through again; one that was pending before stays so.
class WithoutWriteSignals {
 public:
  WithoutWriteSignals() noexcept {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGPIPE);
    sigaddset(&signals_, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &signals_, &before_);
    // Only what was blocked can be pending.
    if (blocked_before(SIGPIPE) || blocked_before(SIGXFSZ)) sigpending(&pending_before_);
  }
  WithoutWriteSignals(const WithoutWriteSignals&) = delete;
  WithoutWriteSignals& operator=(const WithoutWriteSignals&) = delete;
  ~WithoutWriteSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

  void take_back_signal_of(int error) const noexcept {
    const int signal = error == EPIPE ? SIGPIPE : error == EFBIG ? SIGXFSZ : 0;
    if (signal == 0) return;
    if (blocked_before(signal) && sigismember(&pending_before_, signal) == 1) return;
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    const timespec no_wait = {};
    sigtimedwait(&one, nullptr, &no_wait);
  }

 private:
  bool blocked_before(int signal) const noexcept { return sigismember(&before_, signal) == 1; }

  sigset_t signals_;
  sigset_t before_;
  sigset_t pending_before_ = {};
};

}  // namespace

SinkResult guarded_write(int descriptor, std::string_view bytes) noexcept {
  SinkResult result;
  const WithoutWriteSignals guard;
  while (result.written < bytes.size()) {
    const ssize_t written =
        ::write(descriptor, bytes.data() + result.written, bytes.size() - result.written);
    if (written > 0) {
      result.written += static_cast<std::size_t>(written);
      continue;
    }
    if (written < 0 && errno == EINTR) continue;
    const int error = written < 0 ? errno : EIO;
    guard.take_back_signal_of(error);
    result.error = {error, std::generic_category()};
    break;
  }
  return result;
}

}  // namespace waybill::internal
