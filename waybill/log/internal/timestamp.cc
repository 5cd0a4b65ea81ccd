#include <cstdint>
#include <cstring>

#include <waybill/log/internal/timestamp.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kSecondsSize = kTimestampSize - 7;  // "2026-11-20T23:58:01."

struct CachedSecond {
  std::int64_t second = INT64_MIN;
  char text[kSecondsSize + 1] = {};
};
constinit thread_local CachedSecond t_cached;

void write_digits(char* end, unsigned value, int count) noexcept {
  for (; count > 0; --count, value /= 10) *--end = static_cast<char>('0' + value % 10);
}

// Not gmtime_r: the C library takes a lock in it, and the child of a fork would wait for ever for a
// thread of its parent that held it.
void fill(CachedSecond& cached, std::chrono::sys_seconds second) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(second);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(second - day);
  std::memcpy(cached.text, "0000-00-00T00:00:00.", sizeof cached.text);
  write_digits(cached.text + 4, static_cast<unsigned>(static_cast<int>(date.year())), 4);
  write_digits(cached.text + 7, static_cast<unsigned>(date.month()), 2);
  write_digits(cached.text + 10, static_cast<unsigned>(date.day()), 2);
  write_digits(cached.text + 13, static_cast<unsigned>(clock.hours().count()), 2);
  write_digits(cached.text + 16, static_cast<unsigned>(clock.minutes().count()), 2);
  write_digits(cached.text + 19, static_cast<unsigned>(clock.seconds().count()), 2);
  cached.second = second.time_since_epoch().count();
}

}  // namespace

char* write_timestamp(char* out, std::chrono::system_clock::time_point time) noexcept {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::int64_t count = second.time_since_epoch().count();
  if (t_cached.second != count) fill(t_cached, second);
  std::memcpy(out, t_cached.text, kSecondsSize);

  const auto micros = std::chrono::floor<std::chrono::microseconds>(time - second).count();
  write_digits(out + kTimestampSize - 1, static_cast<unsigned>(micros), 6);
  out[kTimestampSize - 1] = 'Z';
  return out + kTimestampSize;
}

}  // namespace waybill::internal
