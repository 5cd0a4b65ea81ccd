// InstrumentRegistry: the instruments of the process, and who may collect.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include <waybill/metrics/internal/series.h>
#include <waybill/pipeline/resource.h>

namespace waybill::internal {

// The index of the next series, of whatever instrument.
std::uint32_t next_series_index() noexcept;

class InstrumentRegistry {
 public:
  // Lives as long as the process.
  static InstrumentRegistry& get();

  // The instrument of this name and scope. Throws Error where there is one of another shape.
  // Thread-safe.
  detail::Instrument& instrument(detail::InstrumentShape shape);

  // Calls visit(Instrument&) for each, in the order in which they were made. Thread-safe.
  template <class Visit>
  void for_each(Visit&& visit) {
    for (detail::Instrument* it = first_.load(std::memory_order_acquire); it != nullptr;
         it = it->next.load(std::memory_order_acquire)) {
      visit(*it);
    }
  }

 private:
  InstrumentRegistry();
  void after_fork_in_child() noexcept;

  std::mutex mutex_;  // for making instruments
  std::atomic<detail::Instrument*> first_ = nullptr;
  detail::Instrument* last_ = nullptr;
};

}  // namespace waybill::internal
