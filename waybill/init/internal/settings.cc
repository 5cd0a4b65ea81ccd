#include <algorithm>
#include <optional>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/default_resource.h>
#include <waybill/init/internal/layers.h>
#include <waybill/init/internal/settings.h>
#include <waybill/init/internal/toml_file.h>

namespace waybill::internal {
namespace {

SettingValue read_file(const InitOptions& options, const EnvironmentSettings& environment) {
  if (options.file) {
    if (options.file->empty()) return {"", "no file", SettingValue::Table{}};
    return read_toml_file(*options.file, "file", "in code");
  }
  if (!environment.file) return {"", "no file", SettingValue::Table{}};
  return read_toml_file(environment.file->text(), "file", environment.file->place());
}

ResourceAttributes resource_of(const Layers& layers) {
  ResourceAttributes resource = default_resource();
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    for (const auto& [key, value] : layer->resource()) set_attribute(resource, key, value);
  }
  bool wants_instance_id = false;
  take(layers, wants_instance_id,
       [](const InitOptions& options) -> const auto& { return options.service_instance_id; });
  if (wants_instance_id && find_attribute(resource, "service.instance.id") == nullptr) {
    set_attribute(resource, "service.instance.id", new_service_instance_id());
  }
  std::sort(resource.begin(), resource.end());
  return resource;
}

// WAYBILL_LOG goes over all others: a level for all loggers leaves none of theirs.
void read_levels(const Layers& layers, const std::optional<SettingValue>& last_word,
                 LogSettings& log) {
  NamedLevels levels;
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (const auto& level = layer->options().log.level) levels.all = level;
    levels.set_all_of(layer->levels());
  }
  if (last_word) {
    const NamedLevels last = read_named_levels(*last_word);
    if (last.all) levels.loggers.clear();
    levels.set_all_of(last);
  }
  log.level = levels.all.value_or(log.level);
  log.levels = levels.to_string();
}

// The outputs of the first layer that has any, or of the three together: none.
void read_outputs(const Layers& layers, LogSettings& log) {
  LogFormatName format = LogFormatName::kAuto;
  take(layers, format, &InitOptions::log, &InitLogOptions::format);
  for (const OptionsLayer& layer : layers) {
    if (!layer.has_place()) continue;
    const InitLogOptions& own = layer.options().log;
    if (layer.outputs() != nullptr) {
      for (const SettingValue& table : layer.outputs()->list()) {
        log.outputs.push_back(read_output(table, format));
      }
    } else if (!own.outputs.empty()) {
      log.made_outputs = own.outputs;
    } else {
      const LogSinkName sink = own.sink.value_or(LogSinkName::kFile);
      OutputSettings& output =
          log.outputs.emplace_back(simple_output(sink, own.file.value_or(""), format));
      output.option = own.file ? "log.file" : "log.sink";
      output.place = layer.place_of(output.option);
    }
    return;
  }
  log.outputs.push_back(simple_output(LogSinkName::kStderr, "", format));
}

void read_log_exporters(const Layers& layers, const Environment& environment, LogSettings& log) {
  log.otlp = otlp_settings_of(layers, OtlpSignal::kLogs, environment);
  log.exporters = exporters_of_layers(layers, &InitOptions::log, &InitLogOptions::exporters,
                                      LogExporterName::kOtlp, log.otlp);
}

PropagatorOptions propagation_of(const Layers& layers) {
  PropagatorOptions options;
  constexpr auto kSection = &InitOptions::propagation;
  take(layers, options.formats, kSection, &InitPropagationOptions::formats);
  take(layers, options.extract_formats, kSection, &InitPropagationOptions::extract_formats);
  take(layers, options.trace_id_headers, kSection, &InitPropagationOptions::trace_id_headers);
  take(layers, options.spelling, kSection, &InitPropagationOptions::spelling);
  take(layers, options.travelling_fields, kSection, &InitPropagationOptions::travelling_fields);
  return options;
}

// Whoever sets the one value and not its limit wants more, not an error.
template <class T, class Option>
void check_limit(const Layers& layers, const T& value, T& limit, Option InitPipelineOptions::*of,
                 std::string_view name, std::string_view value_name) {
  if (limit >= value) return;
  const OptionsLayer* layer = first_with(
      layers, [&](const InitOptions& options) -> const auto& { return options.pipeline.*of; });
  if (layer == nullptr) {
    limit = value;
    return;
  }
  throw bad_setting(name, layer->place_of(name), Error("is less than " + std::string(value_name)));
}

PipelineOptions pipeline_of(const Layers& layers) {
  using Set = InitPipelineOptions;
  PipelineOptions options;
  constexpr auto kSection = &InitOptions::pipeline;
  take(layers, options.synchronous, kSection, &Set::synchronous);
  take(layers, options.ring_bytes, kSection, &Set::ring_bytes);
  take(layers, options.ring_bytes_limit, kSection, &Set::ring_bytes_limit);
  take(layers, options.when_full, kSection, &Set::when_full);
  take(layers, options.longest_wait, kSection, &Set::longest_wait);
  take(layers, options.shortest_sleep, kSection, &Set::shortest_sleep);
  take(layers, options.longest_sleep, kSection, &Set::longest_sleep);
  take(layers, options.exit_timeout, kSection, &Set::exit_timeout);
  take(layers, options.clock, kSection, &Set::clock);
  // A ring that may grow to less than it begins with, and likewise for sleep.
  if (first_with(layers, [](const InitOptions& o) -> const auto& {
        return o.pipeline.ring_bytes;
      }) == nullptr) {
    options.ring_bytes = std::min(options.ring_bytes, options.ring_bytes_limit);
  }
  if (first_with(layers, [](const InitOptions& o) -> const auto& {
        return o.pipeline.shortest_sleep;
      }) == nullptr) {
    options.shortest_sleep = std::min(options.shortest_sleep, options.longest_sleep);
  }
  check_limit(layers, options.ring_bytes, options.ring_bytes_limit, &Set::ring_bytes_limit,
              "pipeline.ring_bytes_limit", "ring_bytes");
  check_limit(layers, options.shortest_sleep, options.longest_sleep, &Set::longest_sleep,
              "pipeline.longest_sleep", "shortest_sleep");
  return options;
}

}  // namespace

Settings read_settings(const InitOptions& options, const Environment& environment) {
  EnvironmentSettings variables = read_environment(environment);
  SettingValue file = read_file(options, variables);
  const Layers layers = {OptionsLayer::of_code(options), OptionsLayer::of_tree(std::move(file)),
                         OptionsLayer::of_tree(std::move(variables.options))};
  Settings settings{.service = default_service_name()};
  take(layers, settings.disabled, [](const InitOptions& o) -> const auto& { return o.disabled; });
  take(layers, settings.service, [](const InitOptions& o) -> const auto& { return o.service; });
  settings.resource = resource_of(layers);
  read_levels(layers, variables.levels, settings.log);
  read_outputs(layers, settings.log);
  settings.propagation = propagation_of(layers);
  settings.pipeline = pipeline_of(layers);
  take(layers, settings.crash_handler, &InitOptions::pipeline, &InitPipelineOptions::crash_handler);
  read_log_exporters(layers, environment, settings.log);
  settings.traces = traces_settings_of(layers, environment);
  settings.metrics = metrics_settings_of(layers, environment);
  return settings;
}

}  // namespace waybill::internal
