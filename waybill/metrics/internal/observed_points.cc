#include <cmath>
#include <utility>

#include <waybill/metrics/internal/attribute_set.h>
#include <waybill/metrics/internal/metric_counters.h>
#include <waybill/metrics/internal/observed_points.h>
#include <waybill/metrics/internal/wrapping_sum.h>
#include <waybill/metrics/observable.h>

namespace waybill {
namespace internal {
namespace {

void append_text(std::string& key, std::string_view text) {
  key += std::to_string(text.size());
  key += ':';
  key += text;
}

// No two sets of attributes have the same.
std::string key_of(Fields canonical) {
  std::string key;
  for (const Field& field : canonical) {
    append_text(key, field.key);
    key += static_cast<char>('0' + static_cast<int>(field.value.type()));
    append_text(key, field.value.to_string());
  }
  return key;
}

// Never the index of a series.
std::uint64_t next_id() noexcept {
  static std::uint64_t next = std::uint64_t{1} << 32;
  return next++;
}

bool is_valid(MetricNumber value, MetricKind kind) noexcept {
  if (kind == MetricKind::kGauge) return true;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    return kind != MetricKind::kCounter || *integer >= 0;
  }
  const double real = std::get<double>(value);
  return std::isfinite(real) && (kind != MetricKind::kCounter || real >= 0);
}

double as_double(MetricNumber value) noexcept {
  return std::visit([](auto number) { return static_cast<double>(number); }, value);
}

MetricNumber sum_of(MetricNumber a, MetricNumber b) noexcept {
  const auto* x = std::get_if<std::int64_t>(&a);
  const auto* y = std::get_if<std::int64_t>(&b);
  if (x != nullptr && y != nullptr) return wrapping_sum(*x, *y);
  return as_double(a) + as_double(b);
}

}  // namespace

void ObservedPoints::put(MetricNumber value, Fields attributes) {
  if (!is_valid(value, kind_)) return count_one(metric_counters().refused_values);
  const CanonicalAttributes canonical(attributes);
  if (canonical.refused() != 0) {
    metric_counters().refused_attributes.fetch_add(canonical.refused(), std::memory_order_relaxed);
  }
  const std::string key = key_of(canonical.fields());
  auto found = points_.find(key);
  if (found == points_.end() || !found->second.observed) {
    if (observed_ + 1 >= limit_) return put_overflow(value);
    if (found == points_.end()) {
      Point point{next_id(), canonical.owned(), std::chrono::system_clock::now(), value, true};
      found = points_.emplace(key, std::move(point)).first;
    }
    ++observed_;
  }
  found->second.value = value;
  found->second.observed = true;
}

// Sums up what of a sum has no place of its own; of gauges, the last one counts.
void ObservedPoints::put_overflow(MetricNumber value) {
  count_one(metric_counters().overflowed);
  const Fields attributes(&overflow_attribute(), 1);
  const auto [it, made] =
      points_.try_emplace(key_of(attributes), Point{0, CanonicalAttributes(attributes).owned(),
                                                    std::chrono::system_clock::now(), value, true});
  Point& point = it->second;
  if (made) {
    point.id = next_id();
    return;
  }
  const bool add = point.observed && kind_ != MetricKind::kGauge;
  point.value = add ? sum_of(point.value, value) : value;
  point.observed = true;
}

}  // namespace internal

void Observer::put(std::int64_t value, Fields attributes) {
  points_.put(value, attributes);
}
void Observer::put(double value, Fields attributes) {
  points_.put(value, attributes);
}

}  // namespace waybill
