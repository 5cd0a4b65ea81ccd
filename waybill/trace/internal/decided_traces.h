// DecidedTraces: remembers what was decided about traces, for the spans that come later.
//
// A table of a fixed size. What is not asked for is forgotten after a time; where more is to be
// remembered than there is room for, what was dropped goes before what was kept, and then the
// oldest.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <vector>

#include <waybill/core/ids.h>
#include <waybill/trace/internal/trace_id_hash.h>

namespace waybill::internal {

class DecidedTraces {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // 32 bytes each.
  static constexpr std::size_t kTraces = 8'192;

  // Throws std::bad_alloc.
  explicit DecidedTraces(std::chrono::nanoseconds remembered)
      : remembered_(remembered), sets_(kTraces / kWays) {}

  // Whether the trace was kept; empty where nothing is known of it. Remembers it anew.
  std::optional<bool> find(const TraceId& id, Time now) noexcept;

  void put(const TraceId& id, bool kept, Time now) noexcept;

  void clear() noexcept { sets_.assign(sets_.size(), {}); }

 private:
  static constexpr std::size_t kWays = 4;

  struct Trace {
    TraceId id;  // invalid: free
    Time asked_for = {};
    bool kept = false;
  };
  using Set = std::array<Trace, kWays>;

  Set& set_of(const TraceId& id) noexcept { return sets_[hash_(id) % sets_.size()]; }
  bool is_free(const Trace& trace, Time now) const noexcept {
    return !trace.id.is_valid() || now - trace.asked_for >= remembered_;
  }

  std::chrono::nanoseconds remembered_;
  TraceIdHash hash_;
  std::vector<Set> sets_;
};

}  // namespace waybill::internal
