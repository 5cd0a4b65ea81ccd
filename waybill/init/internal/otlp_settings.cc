#include <algorithm>
#include <string_view>
#include <utility>

#include <waybill/core/ascii.h>
#include <waybill/init/internal/bad_setting.h>
#include <waybill/init/internal/otlp_settings.h>
#include <waybill/otlp/environment.h>

namespace waybill::internal {
namespace {

using Set = InitOtlpOptions;

template <auto kOption>
bool is_set(const Set& options) {
  return (options.*kOption).has_value();
}
bool has_headers(const Set& options) {
  return !options.headers.empty();
}

struct OtlpOption {
  std::string_view option;    // of InitOtlpOptions
  std::string_view name;      // of OtlpOptions
  std::string_view variable;  // what its name ends with; empty: there is none
  bool (*is_set)(const Set& options);
};

constexpr OtlpOption kOptions[] = {
    {"endpoint", "endpoint", "ENDPOINT", is_set<&Set::endpoint>},
    {"traces_endpoint", "traces_endpoint", "TRACES_ENDPOINT", is_set<&Set::traces_endpoint>},
    {"metrics_endpoint", "metrics_endpoint", "METRICS_ENDPOINT", is_set<&Set::metrics_endpoint>},
    {"logs_endpoint", "logs_endpoint", "LOGS_ENDPOINT", is_set<&Set::logs_endpoint>},
    {"protocol", "protocol", "PROTOCOL", is_set<&Set::protocol>},
    {"headers", "headers", "HEADERS", has_headers},
    {"compression", "compression", "COMPRESSION", is_set<&Set::compression>},
    {"timeout", "timeout", "TIMEOUT", is_set<&Set::timeout>},
    {"ca_file", "tls.ca_file", "CERTIFICATE", is_set<&Set::ca_file>},
    {"client_certificate_file", "tls.client_certificate_file", "CLIENT_CERTIFICATE",
     is_set<&Set::client_certificate_file>},
    {"client_key_file", "tls.client_key_file", "CLIENT_KEY", is_set<&Set::client_key_file>},
    {"insecure", "tls.insecure", "INSECURE", is_set<&Set::insecure>},
    {"temporality", "temporality", "TEMPORALITY_PREFERENCE", is_set<&Set::temporality>},
    {"histogram_aggregation", "histogram_aggregation", "DEFAULT_HISTOGRAM_AGGREGATION",
     is_set<&Set::histogram_aggregation>},
    {"spool", "spool.folder", "", is_set<&Set::spool>},
    {"spool_limit", "spool.bytes_limit", "", is_set<&Set::spool_limit>},
    {"queue_bytes", "queue_bytes", "", is_set<&Set::queue_bytes>},
};

constexpr std::string_view kVariables = "OTEL_EXPORTER_OTLP_";

std::string_view part_of_variables(OtlpSignal signal) {
  if (signal == OtlpSignal::kTraces) return "TRACES_";
  return signal == OtlpSignal::kMetrics ? "METRICS_" : "LOGS_";
}

std::optional<std::string> Set::*own_endpoint_set(OtlpSignal signal) {
  if (signal == OtlpSignal::kTraces) return &Set::traces_endpoint;
  return signal == OtlpSignal::kMetrics ? &Set::metrics_endpoint : &Set::logs_endpoint;
}

std::optional<std::string> OtlpOptions::*own_endpoint(OtlpSignal signal) {
  if (signal == OtlpSignal::kTraces) return &OtlpOptions::traces_endpoint;
  return signal == OtlpSignal::kMetrics ? &OtlpOptions::metrics_endpoint
                                        : &OtlpOptions::logs_endpoint;
}

std::string option_named(std::string_view option) {
  return "otlp." + std::string(option);
}

// An Error about a variable, which has its name for an option, as one about the option.
Error of_variable(const Error& error, OtlpSignal signal) {
  const InvalidOption* const bad = error.invalid_option();
  if (bad == nullptr) return error;
  std::string_view end = bad->option;
  if (end.starts_with(kVariables)) end.remove_prefix(kVariables.size());
  const auto find = [](std::string_view variable) {
    return std::find_if(std::begin(kOptions), std::end(kOptions),
                        [&](const OtlpOption& option) { return option.variable == variable; });
  };
  auto found = find(end);
  if (found == std::end(kOptions) && end.starts_with(part_of_variables(signal))) {
    found = find(end.substr(part_of_variables(signal).size()));
  }
  const std::string option = found != std::end(kOptions) ? option_named(found->option) : "otlp";
  return bad_setting(option, "environment variable " + bad->option, bad->value, bad->expected);
}

OtlpOptions with_variables(OtlpOptions options, OtlpSignal signal, const Environment& environment) {
  try {
    return with_environment(std::move(options), signal, environment);
  } catch (const Error& error) {
    throw of_variable(error, signal);
  }
}

bool is_variable_set(const Environment& environment, const std::string& name) {
  const char* const value = environment(name.c_str());
  return value != nullptr && *value != '\0';
}

// "in code", "waybill.toml:3", or the variable that counts; empty where it is set nowhere.
std::string place_of(const OtlpOption& option, const Layers& layers, OtlpSignal signal,
                     const Environment& environment) {
  for (const OptionsLayer& layer : layers) {
    if (option.is_set(layer.options().otlp)) return layer.place_of(option_named(option.option));
  }
  if (option.variable.empty()) return {};
  for (const std::string_view part : {part_of_variables(signal), std::string_view()}) {
    const std::string name = std::string(kVariables).append(part).append(option.variable);
    if (is_variable_set(environment, name)) return "environment variable " + name;
  }
  return {};
}

void take_endpoint(const Layers& layers, OtlpOptions& options, OtlpSignal signal) {
  for (const OptionsLayer& layer : layers) {
    const Set& set = layer.options().otlp;
    options.*own_endpoint(signal) = set.*own_endpoint_set(signal);
    options.endpoint = set.endpoint;
    if (options.*own_endpoint(signal) || options.endpoint) return;
  }
}

void take_headers(const Layers& layers, OtlpOptions& options) {
  for (const OptionsLayer& layer : layers) {
    for (const auto& header : layer.options().otlp.headers) {
      const bool is_known = std::any_of(
          options.headers.begin(), options.headers.end(),
          [&](const auto& known) { return ascii::same_ignoring_case(known.first, header.first); });
      if (!is_known) options.headers.push_back(header);
    }
  }
}

}  // namespace

Error OtlpSettings::placed(const Error& error) const {
  const InvalidOption* const bad = error.invalid_option();
  if (bad == nullptr) return bad_setting("otlp", "as it is set up", error);
  for (const Place& place : places) {
    if (place.name == bad->option) {
      return bad_setting(place.option, place.place, bad->value, bad->expected);
    }
  }
  return bad_setting(option_named(bad->option), "environment", bad->value, bad->expected);
}

OtlpSettings otlp_settings_of(const Layers& layers, OtlpSignal signal,
                              const Environment& environment) {
  with_variables({}, signal, environment);
  constexpr auto kSection = &InitOptions::otlp;
  OtlpSettings settings;
  OtlpOptions& options = settings.options;
  take(layers, options.protocol, kSection, &Set::protocol);
  take_endpoint(layers, options, signal);
  take_headers(layers, options);
  take(layers, options.compression, kSection, &Set::compression);
  take(layers, options.timeout, kSection, &Set::timeout);
  take(layers, options.tls.ca_file, kSection, &Set::ca_file);
  take(layers, options.tls.client_certificate_file, kSection, &Set::client_certificate_file);
  take(layers, options.tls.client_key_file, kSection, &Set::client_key_file);
  take(layers, options.tls.insecure, kSection, &Set::insecure);
  take(layers, options.temporality, kSection, &Set::temporality);
  take(layers, options.histogram_aggregation, kSection, &Set::histogram_aggregation);
  take(layers, options.spool.folder, kSection, &Set::spool);
  take(layers, options.spool.bytes_limit, kSection, &Set::spool_limit);
  take(layers, options.queue_bytes, kSection, &Set::queue_bytes);
  options = with_variables(std::move(options), signal, environment);
  options.environment = false;
  settings.has_endpoint = options.endpoint || options.*own_endpoint(signal);
  for (const OtlpOption& option : kOptions) {
    std::string place = place_of(option, layers, signal, environment);
    if (!place.empty()) {
      settings.places.push_back(
          {std::string(option.name), option_named(option.option), std::move(place)});
    }
  }
  return settings;
}

}  // namespace waybill::internal
