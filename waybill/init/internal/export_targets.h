// What a signal is exported to, as far as all signals have that in common.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/init/internal/layers.h>
#include <waybill/init/internal/otlp_settings.h>

namespace waybill::internal {

// A file for lines of OTLP's JSON.
struct ExportFile {
  std::string path;
  std::string option;  // "traces.file"
  std::string place;   // where it was set
};

template <class Section>
std::optional<ExportFile> export_file_of(const Layers& layers, Section InitOptions::*section,
                                         std::string_view option) {
  for (const OptionsLayer& layer : layers) {
    if (const std::optional<std::string>& path = (layer.options().*section).file) {
      return ExportFile{*path, std::string(option), layer.place_of(option)};
    }
  }
  return std::nullopt;
}

// The exporters of the first layer that names them, each once; OTLP's, where none does and there is
// an endpoint.
template <class Section, class Name>
std::vector<Name> exporters_of_layers(const Layers& layers, Section InitOptions::*section,
                                      std::optional<std::vector<Name>> Section::*option,
                                      Name of_otlp, const OtlpSettings& otlp) {
  std::vector<Name> named;
  if (otlp.has_endpoint) named.push_back(of_otlp);
  take(layers, named, section, option);
  std::vector<Name> exporters;
  for (const Name name : named) {
    if (std::find(exporters.begin(), exporters.end(), name) == exporters.end()) {
      exporters.push_back(name);
    }
  }
  return exporters;
}

}  // namespace waybill::internal
