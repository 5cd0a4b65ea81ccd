#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <string_view>

#include <waybill/log/logger.h>

namespace waybill {
namespace {

using std::chrono::steady_clock;

struct CallSite {
  std::atomic<std::uint64_t> key = 0;
  std::atomic<std::int64_t> next = 0;  // nanoseconds of steady_clock; before that, no record
  std::atomic<std::uint64_t> suppressed = 0;
};

// Open addressing, never emptied. When it is full, further call sites are not limited.
constexpr std::size_t kSites = 1024;
constinit std::array<CallSite, kSites> call_sites;

std::uint64_t key_of(const std::source_location& where) noexcept {
  const std::uint64_t file = std::hash<std::string_view>{}(where.file_name());
  const std::uint64_t place = std::uint64_t{where.line()} << 20 ^ where.column();
  return (file ^ place * 0x9e3779b97f4a7c15U) | 1;  // 0 is a free one
}

CallSite* find(std::uint64_t key) noexcept {
  for (std::size_t i = 0; i < kSites; ++i) {
    CallSite& site = call_sites[((key >> 32) + i) % kSites];
    std::uint64_t found = site.key.load(std::memory_order_relaxed);
    if (found == 0 && site.key.compare_exchange_strong(found, key, std::memory_order_relaxed)) {
      return &site;
    }
    if (found == key) return &site;
  }
  return nullptr;
}

}  // namespace

RateLimitedLogger::Permission RateLimitedLogger::ask(
    const std::source_location& where) const noexcept {
  CallSite* site = find(key_of(where));
  if (site == nullptr) return {true, 0};
  const std::int64_t now = steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  std::int64_t next = site->next.load(std::memory_order_relaxed);
  const bool granted = now >= next && site->next.compare_exchange_strong(
                                          next, now + interval_.count(), std::memory_order_relaxed);
  if (granted) return {true, site->suppressed.exchange(0, std::memory_order_relaxed)};
  site->suppressed.fetch_add(1, std::memory_order_relaxed);
  return {false, 0};
}

RateLimitedLogger::WithSuppressed::WithSuppressed(Fields fields,
                                                  std::uint64_t suppressed) noexcept {
  size_ = std::min(fields.size(), kMost);
  std::copy_n(fields.begin(), size_, fields_);
  fields_[size_++] = {"suppressed", suppressed};
}

}  // namespace waybill
