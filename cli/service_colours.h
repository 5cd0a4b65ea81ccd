// Colours by which services are told apart.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace waybill::cli {

// A service has the same colour in every run, unless another service of the same output has taken
// it; then it has the next one. With more services than colours, colours repeat.
class ServiceColours {
 public:
  ServiceColours() = default;
  // All services of the output, so that their order of appearance does not matter.
  explicit ServiceColours(std::vector<std::string_view> services);

  // An SGR style for terminal.h's Paint. A service not seen before gets its colour now.
  std::string_view of(std::string_view service);

 private:
  std::map<std::string, std::size_t, std::less<>> colours_;
  std::array<bool, 16> taken_{};  // of the colours that are handed out first
};

}  // namespace waybill::cli
