#include <chrono>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <waybill/metrics/internal/accept_header.h>
#include <waybill/metrics/internal/prometheus_families.h>
#include <waybill/metrics/internal/prometheus_names.h>
#include <waybill/metrics/metering.h>
#include <waybill/metrics/prometheus.h>

namespace waybill {
namespace {

using internal::Family;
using internal::FamilyType;

constexpr std::size_t kMostExemplarCharacters = 128;

std::string seconds_text(std::chrono::system_clock::time_point time) {
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(milliseconds / 1000),
                static_cast<long long>(milliseconds % 1000));
  return text;
}

double value_of(const Exemplar& exemplar) noexcept {
  return std::visit([](auto number) { return static_cast<double>(number); }, exemplar.value);
}

std::size_t characters(std::string_view text) noexcept {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return count;
}

// Writes one snapshot in one of the two formats.
class Exposition {
 public:
  Exposition(const MetricSnapshot& snapshot, const PrometheusOptions& options, bool open_metrics)
      : open_metrics_(open_metrics) {
    if (options.target_info) write_target(snapshot.resource);
    for (const Family& family : internal::families_of(snapshot, options, open_metrics)) {
      write_family(family);
    }
    if (open_metrics_) text_ += "# EOF\n";
  }

  std::string take() && { return std::move(text_); }

 private:
  void write_target(const Resource& resource) {
    internal::Labels labels;
    labels.add("service.name", resource.service_name);
    for (const auto& [key, value] : resource.attributes) labels.add({key, value});
    const std::string text = labels.text();
    if (text.empty()) return;
    write_head(open_metrics_ ? "target" : "target_info", open_metrics_ ? "info" : "gauge", "",
               "Who is measured.");
    write_sample("target_info", text, "", "1");
  }

  void write_head(const std::string& name, const char* type, const std::string& unit,
                  const std::string& help) {
    if (!help.empty()) {
      text_ += "# HELP " + name + ' ' + internal::escape_help(help, open_metrics_) + '\n';
    }
    text_ += "# TYPE " + name + ' ' + type + '\n';
    if (open_metrics_ && !unit.empty()) text_ += "# UNIT " + name + ' ' + unit + '\n';
  }

  void write_family(const Family& family) {
    const bool counter = family.type == FamilyType::kCounter;
    const std::string total = family.name + "_total";
    write_head(counter && !open_metrics_ ? total : family.name,
               counter                             ? "counter"
               : family.type == FamilyType::kGauge ? "gauge"
                                                   : "histogram",
               family.unit, family.help);
    for (const Family::Member& member : family.members) {
      if (const auto* number = std::get_if<NumberPoint>(&member.point)) {
        write_sample(counter ? total : family.name, member.labels, "",
                     internal::number_text(number->value),
                     counter ? largest(number->exemplars, -kInfinity, kInfinity) : nullptr);
        if (counter) write_created(family.name, member.labels, *number);
      } else {
        write_histogram(family.name, member.labels, std::get<HistogramPoint>(member.point));
      }
    }
  }

  void write_histogram(const std::string& name, const std::string& labels,
                       const HistogramPoint& point) {
    std::uint64_t sum = 0;
    double lower = -kInfinity;
    for (std::size_t i = 0; i < point.buckets.size(); ++i) {
      const bool last = i >= point.bounds.size();
      const double upper = last ? kInfinity : point.bounds[i];
      sum += point.buckets[i];
      write_sample(name + "_bucket", labels, "le=\"" + internal::bound_text(upper) + '"',
                   std::to_string(sum), largest(point.exemplars, lower, upper));
      lower = upper;
    }
    write_sample(name + "_count", labels, "", std::to_string(point.count));
    // With negative values the sum may fall, and is no counter.
    const bool has_negative =
        (point.count != 0 && point.min < 0) || (!point.bounds.empty() && point.bounds.front() < 0);
    if (!has_negative) write_sample(name + "_sum", labels, "", internal::number_text(point.sum));
    write_created(name, labels, point);
  }

  void write_created(const std::string& name, const std::string& labels, const MetricPoint& point) {
    if (!open_metrics_ || point.start.time_since_epoch().count() <= 0) return;
    write_sample(name + "_created", labels, "", seconds_text(point.start));
  }

  void write_sample(const std::string& name, const std::string& labels, const std::string& le,
                    const std::string& value, const Exemplar* exemplar = nullptr) {
    text_ += name;
    if (!labels.empty() || !le.empty()) {
      text_ += '{';
      text_ += labels;
      if (!labels.empty() && !le.empty()) text_ += ',';
      text_ += le;
      text_ += '}';
    }
    text_ += ' ';
    text_ += value;
    if (open_metrics_ && exemplar != nullptr) write_exemplar(*exemplar);
    text_ += '\n';
  }

  void write_exemplar(const Exemplar& exemplar) {
    internal::Labels labels;
    std::size_t size = 0;
    const auto add = [&](const std::string& key, const std::string& value) {
      size += internal::label_name(key).size() + characters(value);
      if (size <= kMostExemplarCharacters) labels.add(key, value);
    };
    if (exemplar.trace_id.is_valid()) add("trace_id", exemplar.trace_id.to_hex());
    if (exemplar.span_id.is_valid()) add("span_id", exemplar.span_id.to_hex());
    for (const OwnedAttribute& attribute : exemplar.attributes) {
      if (const auto* text = std::get_if<std::string>(&attribute.value)) add(attribute.key, *text);
    }
    text_ += " # {" + labels.text() + "} " + internal::number_text(exemplar.value) + ' ' +
             seconds_text(exemplar.time);
  }

  // The largest in (lower, upper], which is what there is room for; or null.
  static const Exemplar* largest(const std::vector<Exemplar>& all, double lower, double upper) {
    const Exemplar* found = nullptr;
    for (const Exemplar& exemplar : all) {
      const double value = value_of(exemplar);
      if (!(value > lower && value <= upper)) continue;
      if (found == nullptr || value > value_of(*found)) found = &exemplar;
    }
    return found;
  }

  static constexpr double kInfinity = std::numeric_limits<double>::infinity();

  bool open_metrics_;
  std::string text_;
};

}  // namespace

std::string prometheus_text(const MetricSnapshot& snapshot, const PrometheusOptions& options) {
  return Exposition(snapshot, options, false).take();
}

std::string openmetrics_text(const MetricSnapshot& snapshot, const PrometheusOptions& options) {
  return Exposition(snapshot, options, true).take();
}

PrometheusResponse prometheus_exposition(std::string_view accept_header,
                                         const PrometheusOptions& options) noexcept {
  try {
    const bool open_metrics = internal::prefers_openmetrics(accept_header);
    return {.content_type = open_metrics
                                ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                : "text/plain; version=0.0.4; charset=utf-8",
            .body = open_metrics ? openmetrics_text(collect(), options)
                                 : prometheus_text(collect(), options)};
  } catch (...) {
    return {.status = 500};
  }
}

}  // namespace waybill
