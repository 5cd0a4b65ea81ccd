#include <cstdint>
#include <ctime>

#include <waybill/log/internal/timestamp.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kSecondsSize = 20;  // "2026-11-20T23:58:01."

struct CachedSecond {
  std::int64_t second = INT64_MIN;
  char text[kSecondsSize + 1] = {};
};
constinit thread_local CachedSecond t_cached;

void fill(CachedSecond& cached, std::int64_t second) noexcept {
  const auto time = static_cast<std::time_t>(second);
  std::tm calendar = {};
  gmtime_r(&time, &calendar);
  if (std::strftime(cached.text, sizeof cached.text, "%Y-%m-%dT%H:%M:%S.", &calendar) == 0) {
    cached.text[0] = '\0';
  }
  cached.second = second;
}

}  // namespace

void append_timestamp(std::string& out, std::chrono::system_clock::time_point time) {
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  const std::int64_t count = second.time_since_epoch().count();
  if (t_cached.second != count) fill(t_cached, count);
  out.append(t_cached.text);

  auto micros = std::chrono::duration_cast<std::chrono::microseconds>(time - second).count();
  char digits[7] = {'0', '0', '0', '0', '0', '0', 'Z'};
  for (int i = 5; i >= 0; --i, micros /= 10) digits[i] = static_cast<char>('0' + micros % 10);
  out.append(digits, sizeof digits);
}

}  // namespace waybill::internal
