// RetryPolicy: how often a task that fails is tried again, and when.
//
//   registry.add("charge", charge, {.retry = {.max_attempts = 8, .first_delay = 500ms}});
//
// A task can say more by what it throws: PermanentError is not tried again, RetryLater at the time
// that it names.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>

namespace waybill::worker {

// What another attempt would not change: the payload makes no sense, the account is closed.
class PermanentError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Fails for now, and says when to try again: a service has asked to be left alone until then.
class RetryLater : public std::runtime_error {
 public:
  RetryLater(const std::string& why, std::chrono::milliseconds delay)
      : std::runtime_error(why), delay_(delay) {}
  std::chrono::milliseconds delay() const noexcept { return delay_; }

 private:
  std::chrono::milliseconds delay_;
};

// A value. The delay grows by `factor` with each attempt, and is then shortened at random by up to
// the share `jitter`, so that what failed together does not come back together.
struct RetryPolicy {
  std::uint32_t max_attempts = 5;  // in all; 1: none is a second one
  std::chrono::milliseconds first_delay{1'000};
  double factor = 2;                                 // 1 and above
  std::chrono::milliseconds longest_delay{300'000};  // before jitter
  double jitter = 0.5;                               // 0 to 1
  // Whether an error may be gone at the next attempt. Left out: all are worth it but
  // PermanentError. Thread-safe; what it throws counts as true.
  std::function<bool(const std::exception&)> is_worth_it = {};

  // After that attempt, the first being 1.
  std::chrono::milliseconds delay_after(std::uint32_t attempt) const;
};

// Throws waybill::Error, which names the option, for one that is out of its range.
void check(const RetryPolicy& policy);

}  // namespace waybill::worker
