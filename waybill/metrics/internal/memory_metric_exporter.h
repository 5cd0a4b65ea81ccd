// For tests: an exporter that keeps what it is given.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <waybill/metrics/internal/snapshot_lookup.h>

namespace waybill::internal {

class MemoryMetricExporter : public MetricExporter {
 public:
  explicit MemoryMetricExporter(Temporality temporality = Temporality::kCumulative)
      : temporality_(temporality) {}

  bool export_metrics(const MetricSnapshot& snapshot) noexcept override {
    const std::lock_guard lock(mutex_);
    snapshots_.push_back(snapshot);
    changed_.notify_all();
    return true;
  }
  Temporality preferred(MetricKind, bool) const noexcept override { return temporality_; }

  std::vector<MetricSnapshot> snapshots() const {
    const std::lock_guard lock(mutex_);
    return snapshots_;
  }
  void wait_for(std::size_t count) const {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return snapshots_.size() >= count; });
  }
  // Of the last snapshot, the points of one metric: "a=1: 5 b=2: 7".
  std::string last(std::string_view meter, std::string_view name) const {
    const auto all = snapshots();
    std::string text;
    if (all.empty()) return text;
    for (const auto& point : points_in<NumberPoint>(all.back(), meter, name)) {
      if (!text.empty()) text += ' ';
      text += text_of(point);
    }
    return text;
  }

 private:
  const Temporality temporality_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<MetricSnapshot> snapshots_;
};

}  // namespace waybill::internal
