#include <algorithm>
#include <cstdint>
#include <limits>

#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/traces_settings.h>
#include <waybill/trace/sampler_names.h>

namespace waybill::internal {
namespace {

using Set = InitTracesOptions;
constexpr auto kSection = &InitOptions::traces;

template <class Option>
std::string place_of(const Layers& layers, std::optional<Option> Set::*option,
                     std::string_view name) {
  const OptionsLayer* layer = first_with(
      layers, [&](const InitOptions& options) -> const auto& { return options.traces.*option; });
  return layer != nullptr ? layer->place_of(name) : "default";
}

// Each of the two may be of another source.
std::shared_ptr<Sampler> sampler_of(const Layers& layers) {
  if (const auto& made = layers.front().options().traces.own_sampler) return made;
  std::string name;
  std::string argument;
  take(layers, name, kSection, &Set::sampler);
  take(layers, argument, kSection, &Set::sampler_argument);
  if (name.empty()) return nullptr;
  constexpr std::string_view kOption = "traces.sampler";
  constexpr std::string_view kArgumentOption = "traces.sampler_argument";
  try {
    return sampler_from_name(name, argument, kOption, kArgumentOption);
  } catch (const Error& error) {
    const InvalidOption* const bad = error.invalid_option();
    if (bad == nullptr) throw;
    // An argument that is missing is the sampler's matter.
    const bool is_argument = bad->option == kArgumentOption &&
                             place_of(layers, &Set::sampler_argument, kArgumentOption) != "default";
    throw is_argument
        ? bad_setting(kArgumentOption, place_of(layers, &Set::sampler_argument, kArgumentOption),
                      bad->value, bad->expected)
        : bad_setting(kOption, place_of(layers, &Set::sampler, kOption), error);
  }
}

std::optional<TailOptions> tail_of(const Layers& layers) {
  std::optional<bool> keep_failed;
  TailOptions tail;
  take(layers, keep_failed, kSection, &Set::keep_failed);
  take(layers, tail.keep_slower_than, kSection, &Set::keep_slower_than);
  take(layers, tail.memory_limit, kSection, &Set::tail_memory);
  const bool keeps_slow = tail.keep_slower_than.count() > 0;
  if (!keeps_slow && !keep_failed.value_or(false)) return std::nullopt;
  tail.keep_failed = keep_failed.value_or(true);
  return tail;
}

SpanLimits limits_of(const Layers& layers) {
  SpanLimits limits;
  const auto take_limit = [&](auto& target, std::optional<std::size_t> InitSpanLimits::*limit) {
    std::size_t value = target;
    take(layers, value,
         [&](const InitOptions& options) -> const auto& { return options.traces.limits.*limit; });
    using Target = std::remove_reference_t<decltype(target)>;
    // More than fits is as good as no limit.
    target = static_cast<Target>(std::min<std::size_t>(value, std::numeric_limits<Target>::max()));
  };
  take_limit(limits.attributes, &InitSpanLimits::attributes);
  take_limit(limits.events, &InitSpanLimits::events);
  take_limit(limits.links, &InitSpanLimits::links);
  take_limit(limits.attributes_per_event, &InitSpanLimits::attributes_per_event);
  take_limit(limits.attributes_per_link, &InitSpanLimits::attributes_per_link);
  take_limit(limits.attribute_value_length, &InitSpanLimits::attribute_value_length);
  take_limit(limits.bytes, &InitSpanLimits::bytes);
  return limits;
}

}  // namespace

TracesSettings traces_settings_of(const Layers& layers, const Environment& environment) {
  TracesSettings traces;
  traces.otlp = otlp_settings_of(layers, OtlpSignal::kTraces, environment);
  traces.exporters =
      exporters_of_layers(layers, kSection, &Set::exporters, SpanExporterName::kOtlp, traces.otlp);
  traces.file = export_file_of(layers, kSection, "traces.file");
  traces.own_exporters = layers.front().options().traces.own_exporters;
  take(layers, traces.zipkin_endpoint, kSection, &Set::zipkin_endpoint);
  traces.zipkin_place = place_of(layers, &Set::zipkin_endpoint, "traces.zipkin_endpoint");
  traces.sampler = sampler_of(layers);
  traces.tail = tail_of(layers);
  traces.limits = limits_of(layers);
  return traces;
}

}  // namespace waybill::internal
