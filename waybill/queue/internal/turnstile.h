// Taking turns at a lock that does not see to it itself.
//
// Whoever writes without a pause gives the lock up and has it again before anybody who waits has
// woken up; with a disk to wait for inside the lock, the others starve for seconds. The remedy is
// the same within a process and between processes: to get the lock one first passes a turnstile,
// which lets one through at a time, and stands in it until one has the lock. Who has just given the
// lock up finds the turnstile taken.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>

namespace waybill::queue::internal {

// A mutex with a turnstile.
class FairMutex {
 public:
  void lock() {
    const std::lock_guard turn(turnstile_);
    mutex_.lock();
  }
  void unlock() { mutex_.unlock(); }

 private:
  std::mutex turnstile_;
  std::mutex mutex_;
};

// A turnstile for processes: a lock (flock) on a file of its own. Used by one thread at a time.
class Turnstile {
 public:
  // Creates the file if need be; it is left there. Throws waybill::Error when that cannot be done.
  explicit Turnstile(const std::filesystem::path& file);
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;
  ~Turnstile();

  // Waits up to `patience`. A matter of politeness, not of safety: after that, one goes on without.
  void enter(std::chrono::milliseconds patience) noexcept;
  void leave() noexcept;

 private:
  int file_;
};

// How long to wait before trying a lock for the n-th time: 0.1 ms, rising to 1 ms.
void pause_before_retry(int tries) noexcept;

}  // namespace waybill::queue::internal
