#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <numeric>

#include <waybill/propagation/internal/rejection_counters.h>

namespace waybill {
namespace {

// The numbers of RejectionCounts, in its order.
constexpr std::size_t kReasons = sizeof(RejectionCounts) / sizeof(std::uint64_t);
using Numbers = std::array<std::uint64_t, kReasons>;

std::array<std::atomic<std::uint64_t>, kReasons> counters{};

std::size_t index_of(internal::Rejection reason) noexcept {
  static constexpr RejectionCounts kCounts;
  const auto* const first = reinterpret_cast<const std::byte*>(&kCounts);
  const auto* const number = reinterpret_cast<const std::byte*>(&(kCounts.*reason));
  return static_cast<std::size_t>(number - first) / sizeof(std::uint64_t);
}

}  // namespace

void internal::count_rejection(Rejection reason, std::uint64_t times) noexcept {
  counters[index_of(reason)].fetch_add(times, std::memory_order_relaxed);
}

std::uint64_t RejectionCounts::total() const noexcept {
  const auto numbers = std::bit_cast<Numbers>(*this);
  return std::accumulate(numbers.begin(), numbers.end(), std::uint64_t{0});
}

RejectionCounts rejections() noexcept {
  Numbers numbers;
  for (std::size_t i = 0; i < kReasons; ++i) {
    numbers[i] = counters[i].load(std::memory_order_relaxed);
  }
  return std::bit_cast<RejectionCounts>(numbers);
}

}  // namespace waybill
