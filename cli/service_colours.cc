#include <algorithm>
#include <cstdint>
#include <iterator>

#include <cli/service_colours.h>

namespace waybill::cli {

namespace {

// Of the 256-colour palette: legible on black and on white, and neither the red nor the yellow that
// errors and warnings have. The first kDistinct are told apart at a glance, the others are for more
// services than that.
constexpr std::string_view kPalette[] = {
    "38;5;33", "38;5;35",  "38;5;133", "38;5;37", "38;5;173",
    "38;5;99", "38;5;107", "38;5;175", "38;5;67", "38;5;137",
};
constexpr std::size_t kDistinct = 6;

// Remembered services are bounded, since their names come from outside.
constexpr std::size_t kMostServices = 10'000;

// FNV-1a: the same in every run, unlike std::hash.
std::size_t preferred(std::string_view service) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : service) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return (hash ^ hash >> 16) % kDistinct;
}

}  // namespace

ServiceColours::ServiceColours(std::vector<std::string_view> services) {
  std::ranges::sort(services);
  for (const std::string_view service : services) of(service);
}

std::string_view ServiceColours::of(std::string_view service) {
  if (const auto known = colours_.find(service); known != colours_.end()) {
    return kPalette[known->second];
  }
  std::size_t colour = preferred(service);
  if (colours_.size() >= kMostServices) return kPalette[colour];
  if (colours_.size() < kDistinct) {
    while (taken_[colour]) colour = (colour + 1) % kDistinct;
    taken_[colour] = true;
  } else {
    colour = colours_.size() % std::size(kPalette);
  }
  colours_.emplace(service, colour);
  return kPalette[colour];
}

}  // namespace waybill::cli
