#include <waybill/metrics/internal/cells.h>

namespace waybill::internal {

void give_way(DistributionCell& cell) noexcept {
  constexpr int kMostYields = 200;
  const std::uint64_t odd = cell.sequence.load(std::memory_order_relaxed);
  cell.sequence.store(odd - 1, std::memory_order_release);
  for (int i = 0; i < kMostYields && cell.awaited.load(std::memory_order_relaxed); ++i) {
    std::this_thread::yield();
  }
}

}  // namespace waybill::internal
