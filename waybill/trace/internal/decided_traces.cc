#include <algorithm>
#include <tuple>

#include <waybill/trace/internal/decided_traces.h>

namespace waybill::internal {

std::optional<bool> DecidedTraces::find(const TraceId& id, Time now) noexcept {
  for (Trace& trace : set_of(id)) {
    if (trace.id == id && !is_free(trace, now)) {
      trace.asked_for = now;
      return trace.kept;
    }
  }
  return std::nullopt;
}

void DecidedTraces::put(const TraceId& id, bool kept, Time now) noexcept {
  Set& set = set_of(id);
  // The same trace, else the one that is missed least.
  const auto missed = [&](const Trace& trace) {
    return std::tuple(trace.id != id, !is_free(trace, now), trace.kept, trace.asked_for);
  };
  Trace& place = *std::ranges::min_element(set, {}, missed);
  // What comes late of a dropped trace is held, if it was forgotten; what comes late of a kept one
  // would be lost.
  const bool is_needed = place.id != id && !is_free(place, now) && place.kept && !kept;
  if (!is_needed) place = {id, now, kept};
}

}  // namespace waybill::internal
