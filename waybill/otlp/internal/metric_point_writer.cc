#include <chrono>
#include <cstdint>
#include <variant>

#include <waybill/otlp/internal/attribute_writer.h>
#include <waybill/otlp/internal/metric_point_writer.h>
#include <waybill/trace/wire.h>

namespace waybill::internal {
namespace {

using protozero::pbf_tag_type;
using protozero::pbf_writer;

// The same in all messages here.
constexpr pbf_tag_type kStart = 2;
constexpr pbf_tag_type kTime = 3;
// NumberDataPoint and Exemplar.
constexpr pbf_tag_type kAsInt = 6;
// Both histograms.
constexpr pbf_tag_type kCount = 4;
constexpr pbf_tag_type kSum = 5;

void add_number(pbf_writer& out, pbf_tag_type as_double, const MetricNumber& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) {
    out.add_sfixed64(kAsInt, *number);
  } else {
    out.add_double(as_double, std::get<double>(value));
  }
}

template <class Id>
void add_id(pbf_writer& out, pbf_tag_type number, const Id& id) {
  if (!id.is_valid()) return;
  out.add_bytes(number, reinterpret_cast<const char*>(id.bytes()), Id::kSize);
}

void add_exemplars(pbf_writer& out, pbf_tag_type number, const MetricPoint& point) {
  constexpr pbf_tag_type kExemplarTime = 2;
  constexpr pbf_tag_type kAsDouble = 3;
  constexpr pbf_tag_type kSpanId = 4;
  constexpr pbf_tag_type kTraceId = 5;
  constexpr pbf_tag_type kFilteredAttributes = 7;
  for (const Exemplar& exemplar : point.exemplars) {
    pbf_writer message(out, number);
    message.add_fixed64(kExemplarTime, detail::unix_nanoseconds(exemplar.time));
    add_number(message, kAsDouble, exemplar.value);
    add_id(message, kSpanId, exemplar.span_id);
    add_id(message, kTraceId, exemplar.trace_id);
    add_attributes(message, kFilteredAttributes, exemplar.attributes);
  }
}

void add_times(pbf_writer& out, const MetricPoint& point) {
  const std::uint64_t start = detail::unix_nanoseconds(point.start);
  if (start != 0) out.add_fixed64(kStart, start);
  out.add_fixed64(kTime, detail::unix_nanoseconds(point.time));
}

// Without a measurement there is neither a least nor a greatest.
template <class Point>
void add_summary(pbf_writer& out, const Point& point, pbf_tag_type min, pbf_tag_type max) {
  out.add_fixed64(kCount, point.count);
  out.add_double(kSum, point.sum);
  if (point.count == 0) return;
  out.add_double(min, point.min);
  out.add_double(max, point.max);
}

void add_side(pbf_writer& out, pbf_tag_type number, const ExponentialHistogramPoint::Side& side) {
  if (side.buckets.empty()) return;
  constexpr pbf_tag_type kOffset = 1;
  constexpr pbf_tag_type kBucketCounts = 2;
  pbf_writer buckets(out, number);
  buckets.add_sint32(kOffset, side.offset);
  buckets.add_packed_uint64(kBucketCounts, side.buckets.begin(), side.buckets.end());
}

}  // namespace

void write_point(pbf_writer& out, const NumberPoint& point) {
  constexpr pbf_tag_type kAsDouble = 4;
  constexpr pbf_tag_type kExemplars = 5;
  constexpr pbf_tag_type kAttributes = 7;
  add_attributes(out, kAttributes, point.attributes);
  add_times(out, point);
  add_number(out, kAsDouble, point.value);
  add_exemplars(out, kExemplars, point);
}

void write_point(pbf_writer& out, const HistogramPoint& point) {
  constexpr pbf_tag_type kBucketCounts = 6;
  constexpr pbf_tag_type kBounds = 7;
  constexpr pbf_tag_type kExemplars = 8;
  constexpr pbf_tag_type kAttributes = 9;
  constexpr pbf_tag_type kMin = 11;
  constexpr pbf_tag_type kMax = 12;
  add_attributes(out, kAttributes, point.attributes);
  add_times(out, point);
  add_summary(out, point, kMin, kMax);
  out.add_packed_fixed64(kBucketCounts, point.buckets.begin(), point.buckets.end());
  out.add_packed_double(kBounds, point.bounds.begin(), point.bounds.end());
  add_exemplars(out, kExemplars, point);
}

void write_point(pbf_writer& out, const ExponentialHistogramPoint& point) {
  constexpr pbf_tag_type kAttributes = 1;
  constexpr pbf_tag_type kScale = 6;
  constexpr pbf_tag_type kZeroCount = 7;
  constexpr pbf_tag_type kPositive = 8;
  constexpr pbf_tag_type kNegative = 9;
  constexpr pbf_tag_type kExemplars = 11;
  constexpr pbf_tag_type kMin = 12;
  constexpr pbf_tag_type kMax = 13;
  constexpr pbf_tag_type kZeroThreshold = 14;
  add_attributes(out, kAttributes, point.attributes);
  add_times(out, point);
  add_summary(out, point, kMin, kMax);
  out.add_sint32(kScale, point.scale);
  out.add_fixed64(kZeroCount, point.zero_count);
  if (point.zero_threshold != 0) out.add_double(kZeroThreshold, point.zero_threshold);
  add_side(out, kPositive, point.positive);
  add_side(out, kNegative, point.negative);
  add_exemplars(out, kExemplars, point);
}

}  // namespace waybill::internal
