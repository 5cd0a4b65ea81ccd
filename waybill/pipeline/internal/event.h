// Event: one thread waits, others wake it. A futex: unlike a condition variable, it may be
// signalled from a signal handler, and needs no lock that a fork could leave behind.
#pragma once

#include <atomic>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdint>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace waybill::internal {

class Event {
 public:
  // Changes with each signal. A wait for the value that was read before looking for work misses
  // none.
  std::uint32_t value() const noexcept { return value_.load(std::memory_order_acquire); }

  void signal() noexcept {
    change();
    wake();
  }

  // The two halves of signal(): who is about to wait does not, and who waits goes on.
  void change() noexcept { value_.fetch_add(1, std::memory_order_seq_cst); }
  void wake() noexcept {
    const int error = errno;
    syscall(SYS_futex, &value_, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
    errno = error;
  }

  // Until the value is another than `seen`, or the time is over; may return early.
  void wait(std::uint32_t seen, std::chrono::nanoseconds longest) noexcept {
    if (longest <= std::chrono::nanoseconds::zero()) return;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(longest);
    const timespec limit = {static_cast<time_t>(seconds.count()),
                            static_cast<long>((longest - seconds).count())};
    syscall(SYS_futex, &value_, FUTEX_WAIT_PRIVATE, seen, &limit, nullptr, 0);
  }

 private:
  static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t));
  std::atomic<std::uint32_t> value_ = 0;
};

}  // namespace waybill::internal
