// For rooms that have threads of their own in the host's process.
#pragma once

#include <csignal>

#include <pthread.h>

namespace waybill::detail {

// While it lives, threads that are started take no signals but those that say that the thread
// itself has failed: the host's signals are the host's threads' business, and SIGPIPE nobody's.
class WithoutHostSignals {
 public:
  WithoutHostSignals() noexcept {
    sigset_t others;
    sigfillset(&others);
    for (const int own : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) sigdelset(&others, own);
    pthread_sigmask(SIG_SETMASK, &others, &before_);
  }
  WithoutHostSignals(const WithoutHostSignals&) = delete;
  WithoutHostSignals& operator=(const WithoutHostSignals&) = delete;
  ~WithoutHostSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace waybill::detail
