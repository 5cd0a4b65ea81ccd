#include <cstdint>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include <protozero/pbf_writer.hpp>

#include <waybill/otlp/internal/metric_point_writer.h>
#include <waybill/otlp/internal/padded_size.h>
#include <waybill/otlp/internal/request_groups.h>
#include <waybill/otlp/internal/valid_text.h>
#include <waybill/otlp/metric_encoder.h>
#include <waybill/trace/wire.h>

namespace waybill {
namespace {

using internal::RequestGroups;

// Of message Metric; the last four are what sort of points it has.
constexpr std::uint32_t kName = 1;
constexpr std::uint32_t kDescription = 2;
constexpr std::uint32_t kUnit = 3;
constexpr std::uint32_t kGauge = 5;
constexpr std::uint32_t kSum = 7;
constexpr std::uint32_t kHistogram = 9;
constexpr std::uint32_t kExponentialHistogram = 10;
// The same in Gauge, Sum, Histogram and ExponentialHistogram, as far as they have them.
constexpr std::uint32_t kDataPoints = 1;
constexpr std::uint32_t kTemporality = 2;
constexpr std::uint32_t kIsMonotonic = 3;

void require(bool has_memory) {
  if (!has_memory) throw std::bad_alloc();
}

class Requests {
 public:
  Requests(const MetricSnapshot& snapshot, std::size_t most_bytes, const TakeMetricRequest& take)
      : resource_(snapshot.resource), most_bytes_(most_bytes), take_(take) {}

  void add(const MetricData& metric) {
    std::visit([&](const auto& points) { add_points(metric, points); }, metric.points);
  }

  void hand_over() {
    if (points_ == 0) return;
    groups_.close(request_);
    take_(request_, points_);
    request_.clear();
    groups_.clear();
    points_ = 0;
  }

 private:
  static std::uint32_t sort_of(const MetricData& metric, const NumberPoint&) noexcept {
    return metric.kind == MetricKind::kGauge ? kGauge : kSum;
  }
  static std::uint32_t sort_of(const MetricData&, const HistogramPoint&) noexcept {
    return kHistogram;
  }
  static std::uint32_t sort_of(const MetricData&, const ExponentialHistogramPoint&) noexcept {
    return kExponentialHistogram;
  }

  template <class Point>
  void add_points(const MetricData& metric, const std::vector<Point>& points) {
    bool is_open = false;
    for (const Point& point : points) {
      point_.clear();
      protozero::pbf_writer writer(point_);
      internal::write_point(writer, point);
      const std::size_t size = detail::bytes_field_size(point_.size());
      if (is_open && request_.size() + size > most_bytes_) {
        close_metric();
        is_open = false;
      }
      if (!is_open) open_metric(metric, sort_of(metric, point), size);
      is_open = true;
      append_bytes(kDataPoints, point_);
      ++points_;
    }
    if (is_open) close_metric();
  }

  // In the request as it is, or in the next one where `more` would be too much for this.
  void open_metric(const MetricData& metric, std::uint32_t sort, std::size_t more) {
    const std::size_t header = 64 + metric.name.size() + metric.description.size() +
                               metric.unit.size() + metric.scope.name.size() +
                               metric.scope.version.size();
    if (request_.size() + header + more > most_bytes_) hand_over();
    const InstrumentationScope& scope = metric.scope;
    require(groups_.open(request_, resource_, {scope.name, scope.version}) &&
            internal::begin_message(request_, RequestGroups::kRecord));
    metric_at_ = request_.size();
    append_text(kName, metric.name);
    append_text(kDescription, metric.description);
    append_text(kUnit, metric.unit);
    require(internal::begin_message(request_, sort));
    data_at_ = request_.size();
    if (sort == kGauge) return;
    append_number(kTemporality, static_cast<std::uint64_t>(metric.temporality));
    if (sort == kSum && metric.kind == MetricKind::kCounter) append_number(kIsMonotonic, 1);
  }

  void close_metric() noexcept {
    internal::end_message(request_, data_at_);
    internal::end_message(request_, metric_at_);
  }

  void append_text(std::uint32_t number, std::string_view text) {
    std::string mended;
    if (!text.empty()) append_bytes(number, internal::valid_text(text, mended));
  }
  void append_bytes(std::uint32_t number, std::string_view bytes) {
    char* const at = request_.room(detail::bytes_field_size(bytes.size()));
    require(at != nullptr);
    request_.set_end(detail::put_bytes(at, number, bytes));
  }
  void append_number(std::uint32_t number, std::uint64_t value) {
    char* const at = request_.room(16);
    require(at != nullptr);
    request_.set_end(detail::put_number(at, number, value));
  }

  const Resource& resource_;
  const std::size_t most_bytes_;
  const TakeMetricRequest& take_;
  WireBuffer request_;
  RequestGroups groups_;
  std::size_t points_ = 0;  // in the request
  std::string point_;
  // Where the content of what is open begins.
  std::size_t metric_at_ = 0;
  std::size_t data_at_ = 0;
};

}  // namespace

void encode_metrics(const MetricSnapshot& snapshot, std::size_t most_bytes,
                    const TakeMetricRequest& take) {
  Requests requests(snapshot, most_bytes, take);
  for (const MetricData& metric : snapshot.metrics) requests.add(metric);
  requests.hand_over();
}

}  // namespace waybill
