#include <cstddef>
#include <cstdint>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/otlp/otlp_json.h>

#include "fuzz/require.h"

using namespace waybill;

// Whatever is taken becomes one line of JSON, not much larger; what is not leaves nothing behind.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto signal = static_cast<OtlpSignal>(data[0] % 3);
  const std::string request(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string json;
  if (!append_otlp_json(json, signal, request)) {
    REQUIRE(json.empty());
    return 0;
  }
  REQUIRE(nlohmann::json::accept(json));
  REQUIRE(json.find('\n') == std::string::npos);
  REQUIRE(json.size() <= 2 + 40 * request.size());
  return 0;
}
