#include <algorithm>
#include <chrono>
#include <string>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/export_checks.h>
#include <waybill/trace/sampler_names.h>

namespace waybill::internal {
namespace {

using namespace std::chrono_literals;

class Checks {
 public:
  explicit Checks(const OptionsLayer& layer) : layer_(layer) {}

  void traces(const InitTracesOptions& options) const {
    file("traces.file", options.file);
    none_is_null("traces.own_exporters", options.own_exporters);
    sampler(options);
    time("traces.keep_slower_than", options.keep_slower_than, 0us, 24h, "us", "0 to a day");
    size("traces.tail_memory", options.tail_memory, std::size_t{64} << 10, "64KiB or more");
    size("traces.limits.bytes", options.limits.bytes, 0, "at most 1 MiB", std::size_t{1} << 20);
  }

  void metrics(const InitMetricsOptions& options) const {
    file("metrics.file", options.file);
    none_is_null("metrics.own_exporters", options.own_exporters);
    time("metrics.interval", options.interval, 10ms, 24h, "ms", "10ms to a day");
    time("metrics.timeout", options.timeout, 0ms, 1h, "ms", "0 to 1h");
  }

  void otlp(const InitOtlpOptions& options) const {
    time("otlp.timeout", options.timeout, 1ms, 24h, "ms", "1ms to a day");
    size("otlp.spool_limit", options.spool_limit, std::size_t{64} << 10, "64KiB to 1 PiB",
         std::size_t{1} << 50);
    size("otlp.queue_bytes", options.queue_bytes, std::size_t{64} << 10, "64KiB to 1 TiB",
         std::size_t{1} << 40);
  }

 private:
  void file(std::string_view option, const std::optional<std::string>& path) const {
    if (path && path->empty()) refuse(option, "the path of a file is missing");
  }

  template <class Exporters>
  void none_is_null(std::string_view option, const Exporters& exporters) const {
    if (std::find(exporters.begin(), exporters.end(), nullptr) != exporters.end()) {
      refuse(option, "one of them is null");
    }
  }

  // The argument may be another source's.
  void sampler(const InitTracesOptions& options) const {
    if (!options.sampler) return;
    try {
      sampler_from_name(*options.sampler, options.sampler_argument.value_or("1"), "traces.sampler",
                        "traces.sampler_argument");
    } catch (const Error& error) {
      const InvalidOption* const bad = error.invalid_option();
      if (bad == nullptr) throw;
      throw bad_setting(bad->option, layer_.place_of(bad->option), bad->value, bad->expected);
    }
  }

  template <class Time, class Least, class Most>
  void time(std::string_view option, const Time& value, Least least, Most most,
            std::string_view unit, std::string_view expected) const {
    if (!value || (*value >= least && *value <= most)) return;
    throw bad_setting(option, layer_.place_of(option), std::to_string(value->count()).append(unit),
                      expected);
  }

  void size(std::string_view option, const std::optional<std::size_t>& value, std::size_t least,
            std::string_view expected, std::size_t most = SIZE_MAX) const {
    if (!value || (*value >= least && *value <= most)) return;
    throw bad_setting(option, layer_.place_of(option), std::to_string(*value), expected);
  }

  [[noreturn]] void refuse(std::string_view option, std::string_view reason) const {
    throw bad_setting(option, layer_.place_of(option), Error(std::string(reason)));
  }

  const OptionsLayer& layer_;
};

}  // namespace

void check_exports(const OptionsLayer& layer) {
  const Checks checks(layer);
  checks.traces(layer.options().traces);
  checks.metrics(layer.options().metrics);
  checks.otlp(layer.options().otlp);
}

}  // namespace waybill::internal
