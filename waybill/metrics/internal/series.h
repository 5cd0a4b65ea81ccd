// Instrument and Series: what handles point at. Both live as long as the process.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <waybill/metrics/instrument.h>
#include <waybill/metrics/internal/exemplars.h>
#include <waybill/metrics/internal/series_table.h>
#include <waybill/metrics/metric_data.h>

namespace waybill::detail {

struct Series {
  Series(Instrument& its_instrument, std::uint32_t its_index,
         std::vector<OwnedAttribute> its_attributes);

  // The reservoir, made when it is first asked for. Null without memory.
  internal::ExemplarReservoir* reservoir() noexcept;

  Instrument& instrument;
  const std::uint32_t index;  // of the cells; the younger, the higher
  const bool monotonic;       // a counter's
  // Whether there is a point of it although no cell has been made.
  std::atomic<bool> bound = false;
  // Of gauges, whose value is one for all threads: the number's bits.
  std::atomic<bool> is_set = false;
  std::atomic<std::uint64_t> last_value = 0;
  const std::vector<OwnedAttribute> attributes;
  std::atomic<std::int64_t> start;  // nanoseconds since 1970
  std::atomic<internal::ExemplarReservoir*> exemplars = nullptr;
};

// What it is, as it was asked for.
struct InstrumentShape {
  std::string name;
  std::string unit;
  std::string description;
  MetricKind kind = MetricKind::kCounter;
  bool real = false;        // floating point numbers
  bool observable = false;  // asked for by callbacks
  std::vector<double> bounds;
  std::uint32_t max_buckets = 0;
  std::int32_t max_scale = 0;
  bool buckets_left_open = false;  // whoever made it has not chosen them
  std::size_t cardinality_limit = 0;
  InstrumentationScope scope;
};

struct Instrument : InstrumentShape {
  explicit Instrument(InstrumentShape shape);

  // How many exemplars a point has.
  std::size_t exemplar_places() const noexcept;

  internal::SeriesTable series;
  std::atomic<Instrument*> next = nullptr;  // the younger
};

}  // namespace waybill::detail
