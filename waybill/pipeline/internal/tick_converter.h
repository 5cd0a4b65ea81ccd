// Readings of the records' clock as times of day. For one thread.
#pragma once

#include <chrono>
#include <cstdint>

#include <waybill/pipeline/record_header.h>

namespace waybill::internal {

class TickConverter {
 public:
  // To be called before the first reading that is to be converted.
  void start() noexcept;

  // Learns what time it is now, and how fast the counter runs. To be called every now and then: the
  // time of a record is counted from the last call, so that a system clock that is set or slewed is
  // followed.
  void update() noexcept;

  // Nanoseconds since 1970. Never earlier than the time returned before, unless the system clock
  // was set back: consecutive records of one clock stay in their order.
  std::chrono::system_clock::time_point time_of(const detail::RecordHeader& header) noexcept;

  // How fast the counter runs, as of the last update().
  double nanoseconds_per_tick() const noexcept { return nanoseconds_per_tick_; }

 private:
  struct Sample {
    std::uint64_t ticks;
    std::int64_t monotonic;  // nanoseconds, all
    std::int64_t system;
  };
  static Sample sample() noexcept;

  double nanoseconds_per_tick_ = 1;
  // The rate is that since first_, which follows last_ at a distance: a machine that was suspended
  // has a counter that knows nothing of it.
  Sample first_ = {};
  Sample middle_ = {};
  Sample last_ = {};
  std::int64_t previous_ = 0;
};

}  // namespace waybill::internal
