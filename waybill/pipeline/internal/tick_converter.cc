#include <ctime>

#include <waybill/pipeline/clock.h>
#include <waybill/pipeline/internal/tick_converter.h>

namespace waybill::internal {
namespace {

// What a re-anchored clock may step back without anybody having set it: the errors of two samples.
constexpr std::int64_t kJitter = 10'000;

// The rate is taken over one to two of these.
constexpr std::int64_t kWindow = 10'000'000'000;

std::int64_t read(clockid_t clock) noexcept {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

}  // namespace

// A thread may be put aside between two readings: of a few tries, the fastest is taken.
TickConverter::Sample TickConverter::sample() noexcept {
  Sample best = {};
  std::uint64_t least = ~std::uint64_t{0};
  for (int i = 0; i < 4; ++i) {
    const std::uint64_t before = detail::counter();
    const std::int64_t monotonic = read(CLOCK_MONOTONIC);
    const std::int64_t system = read(CLOCK_REALTIME);
    const std::uint64_t after = detail::counter();
    if (after - before >= least) continue;
    least = after - before;
    best = {.ticks = before + least / 2, .monotonic = monotonic, .system = system};
  }
  return best;
}

void TickConverter::start() noexcept {
  first_ = middle_ = last_ = sample();
}

void TickConverter::update() noexcept {
  last_ = sample();
  if (last_.monotonic - middle_.monotonic > kWindow) {
    first_ = middle_;
    middle_ = last_;
  }
  if (last_.ticks <= first_.ticks) return;
  nanoseconds_per_tick_ = static_cast<double>(last_.monotonic - first_.monotonic) /
                          static_cast<double>(last_.ticks - first_.ticks);
}

std::chrono::system_clock::time_point TickConverter::time_of(
    const detail::RecordHeader& header) noexcept {
  auto time = static_cast<std::int64_t>(header.ticks);
  if (header.shape.clock == 0) {
    const auto distance = static_cast<std::int64_t>(header.ticks - last_.ticks);
    time = last_.system +
           static_cast<std::int64_t>(static_cast<double>(distance) * nanoseconds_per_tick_);
  }
  if (time < previous_ && previous_ - time < kJitter) time = previous_;
  previous_ = time;
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::nanoseconds(time)));
}

}  // namespace waybill::internal
