#include <algorithm>

#include <waybill/otlp/internal/sender_clock.h>

namespace waybill::internal {
namespace {

class SystemClock final : public SenderClock {
 public:
  Time now() noexcept override { return std::chrono::steady_clock::now(); }
  void wait(Event& event, std::uint32_t seen, Time until) noexcept override {
    // A bound, as the end of time does not fit into what the system waits for.
    constexpr std::chrono::nanoseconds kLongest = std::chrono::hours(1);
    event.wait(seen, std::min(until - now(), kLongest));
  }
};

}  // namespace

SenderClock& SenderClock::system() noexcept {
  static constinit SystemClock clock;
  return clock;
}

}  // namespace waybill::internal
