// OtlpSettings: what the OTLP exporter of one signal is told, from code, the file and the
// environment.
#pragma once

#include <string>
#include <vector>

#include <waybill/core/error.h>
#include <waybill/init/internal/environment.h>
#include <waybill/init/internal/layers.h>
#include <waybill/otlp/otlp_options.h>

namespace waybill::internal {

struct OtlpSettings {
  OtlpOptions options = {};   // nothing is left to the environment
  bool has_endpoint = false;  // somebody has named one

  // Where options were set, under the names that they have in OtlpOptions.
  struct Place {
    std::string name;
    std::string option;  // "otlp.ca_file"
    std::string place;   // "waybill.toml:3", "environment variable OTEL_EXPORTER_OTLP_CERTIFICATE"
  };
  std::vector<Place> places = {};

  // An Error of an exporter that was made with these options, as one about the option.
  Error placed(const Error& error) const;
};

// Throws Error for a variable that cannot be read, also where another source wins over it.
OtlpSettings otlp_settings_of(const Layers& layers, OtlpSignal signal,
                              const Environment& environment);

}  // namespace waybill::internal
