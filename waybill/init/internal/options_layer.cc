#include <utility>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/export_checks.h>
#include <waybill/init/internal/options_layer.h>
#include <waybill/init/internal/tree_options.h>
#include <waybill/propagation/propagator.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kLeastRing = 4096;
constexpr std::size_t kMostRing = std::size_t{1} << 30;

// Runs `make`, whose Error is one about this option.
template <class Make>
void check(const OptionsLayer& layer, std::string_view option, Make make) {
  try {
    make();
  } catch (const Error& error) {
    throw bad_setting(option, layer.place_of(option), error);
  }
}

}  // namespace

OptionsLayer OptionsLayer::of_code(const InitOptions& options) {
  OptionsLayer layer(options, {"", "in code", SettingValue::Table{}});
  layer.levels_ = read_named_levels({"log.levels", "in code", options.log.levels});
  layer.take_service();
  layer.check_log();
  layer.check_propagation();
  layer.check_pipeline();
  check_exports(layer);
  return layer;
}

OptionsLayer OptionsLayer::of_tree(SettingValue tree) {
  InitOptions options = read_options(tree);
  OptionsLayer layer(std::move(options), std::move(tree));
  if (const SettingValue* levels = layer.find("log.levels")) {
    layer.levels_ = read_named_levels(*levels);
  }
  layer.take_service();
  layer.check_log();
  layer.check_propagation();
  layer.check_pipeline();
  check_exports(layer);
  return layer;
}

const SettingValue* OptionsLayer::outputs() const noexcept {
  return find("log.output");
}

bool OptionsLayer::has_place() const noexcept {
  const InitLogOptions& log = options_.log;
  return log.sink || log.file || !log.outputs.empty() || outputs() != nullptr;
}

std::string OptionsLayer::place_of(std::string_view option) const {
  const SettingValue* value = find(option);
  return value != nullptr ? value->place() : tree_.place();
}

// service.name among the attributes is the service, unless that is set by its own name.
void OptionsLayer::take_service() {
  if (options_.service && options_.service->empty()) options_.service.reset();
  for (auto& [key, value] : options_.resource) {
    if (key.empty()) {
      throw bad_setting("resource", place_of("resource"), key, "attributes with names");
    }
    if (key != "service.name") {
      set_attribute(resource_, key, value);
    } else if (!options_.service && !value.empty()) {
      options_.service = value;
    }
  }
}

void OptionsLayer::check_log() const {
  const InitLogOptions& log = options_.log;
  const auto refuse = [this](std::string_view option, std::string_view reason) {
    throw bad_setting(option, place_of(option), Error(std::string(reason)));
  };
  if (log.file && log.file->empty()) refuse("log.file", "the path of a file is missing");
  if (log.file && log.sink && *log.sink != LogSinkName::kFile) {
    refuse("log.file", "does not go with another sink than \"file\"");
  }
  if (log.sink == LogSinkName::kFile && !log.file) refuse("log.sink", "needs log.file beside it");
  if (outputs() != nullptr && outputs()->list().empty()) outputs()->fail("at least one output");
  if ((outputs() != nullptr || !log.outputs.empty()) && (log.sink || log.file)) {
    refuse(log.file ? "log.file" : "log.sink", "does not go with a list of outputs beside it");
  }
  for (const LogOutput& output : log.outputs) {
    const bool lines = output.format != nullptr && output.sink != nullptr;
    if (lines == (output.records != nullptr)) {
      refuse("log.outputs", "each needs a format and a sink, or a sink of records");
    }
  }
}

void OptionsLayer::check_propagation() const {
  const InitPropagationOptions& propagation = options_.propagation;
  if (const auto& headers = propagation.trace_id_headers) {
    check(*this, "propagation.trace_id_headers",
          [&] { Propagator({.trace_id_headers = *headers}); });
  }
  if (const auto& fields = propagation.travelling_fields) {
    check(*this, "propagation.travelling_fields",
          [&] { Propagator({.travelling_fields = *fields}); });
  }
}

void OptionsLayer::check_pipeline() const {
  using namespace std::chrono_literals;
  const auto refuse = [this](std::string_view option, std::string value,
                             std::string_view expected) {
    throw bad_setting(option, place_of(option), value, expected);
  };
  const auto check_ring = [&](std::string_view option, const std::optional<std::size_t>& bytes) {
    if (bytes && (*bytes < kLeastRing || *bytes > kMostRing)) {
      refuse(option, std::to_string(*bytes), "4096 to 1 GiB");
    }
  };
  const auto check_time = [&](std::string_view option, const auto& time, auto least,
                              std::string_view unit, std::string_view expected) {
    if (time && (*time < least || *time > 1h)) {
      refuse(option, std::to_string(time->count()).append(unit), expected);
    }
  };
  const InitPipelineOptions& pipeline = options_.pipeline;
  check_ring("pipeline.ring_bytes", pipeline.ring_bytes);
  check_ring("pipeline.ring_bytes_limit", pipeline.ring_bytes_limit);
  check_time("pipeline.longest_wait", pipeline.longest_wait, 0ms, "ms", "0 to 1h");
  check_time("pipeline.shortest_sleep", pipeline.shortest_sleep, 1us, "us", "1us to 1h");
  check_time("pipeline.longest_sleep", pipeline.longest_sleep, 1us, "us", "1us to 1h");
  check_time("pipeline.exit_timeout", pipeline.exit_timeout, 0ms, "ms", "0 to 1h");
  if (pipeline.clock == ClockSource::kTimeStampCounter && !time_stamp_counter_is_reliable()) {
    refuse("pipeline.clock", "tsc", "a clock that is reliable on this machine");
  }
}

const SettingValue* OptionsLayer::find(std::string_view option) const noexcept {
  const SettingValue* value = &tree_;
  while (value != nullptr && !option.empty()) {
    const std::size_t dot = std::min(option.find('.'), option.size());
    value = value->find(option.substr(0, dot));
    option.remove_prefix(std::min(dot + 1, option.size()));
  }
  return value;
}

}  // namespace waybill::internal
