// Layers: the sources of options in the order in which they win, and the value of one of them all.
#pragma once

#include <array>
#include <optional>

#include <waybill/init/internal/options_layer.h>

namespace waybill::internal {

// Code, the file, the environment.
using Layers = std::array<OptionsLayer, 3>;

// The first layer in which this option is set, or null. `get` takes an InitOptions.
template <class Get>
const OptionsLayer* first_with(const Layers& layers, Get get) {
  for (const OptionsLayer& layer : layers) {
    if (get(layer.options())) return &layer;
  }
  return nullptr;
}

// Its value there; `target` stays as it is where it is set nowhere.
template <class T, class Get>
void take(const Layers& layers, T& target, Get get) {
  if (const OptionsLayer* layer = first_with(layers, get)) target = *get(layer->options());
}

template <class T, class Section, class Value>
void take(const Layers& layers, T& target, Section InitOptions::*section,
          std::optional<Value> Section::*option) {
  take(layers, target,
       [&](const InitOptions& options) -> const auto& { return options.*section.*option; });
}

}  // namespace waybill::internal
