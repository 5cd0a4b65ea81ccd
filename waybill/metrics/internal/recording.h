// Measuring on behalf of something else than the current context: what the background thread learns
// of spans and log records.
#pragma once

#include <cstdint>

#include <waybill/metrics/internal/exemplars.h>
#include <waybill/metrics/internal/series.h>

namespace waybill::internal {

// `trace`: what the measurement was made in. Null: nothing that could be an exemplar.
void add_to(detail::Series& series, std::int64_t number, const MeasuredIn* trace) noexcept;
void record_in(detail::Series& series, double value, const MeasuredIn* trace) noexcept;

}  // namespace waybill::internal
