// SenderClock: the time, and waiting, of a sender; tests have one of their own.
#pragma once

#include <chrono>

#include <waybill/pipeline/internal/event.h>

namespace waybill::internal {

class SenderClock {
 public:
  using Time = std::chrono::steady_clock::time_point;

  virtual ~SenderClock() = default;
  virtual Time now() noexcept = 0;
  // Until the event's value is another than `seen`, or it is that time; may return early.
  virtual void wait(Event& event, std::uint32_t seen, Time until) noexcept = 0;

  static SenderClock& system() noexcept;
};

}  // namespace waybill::internal
