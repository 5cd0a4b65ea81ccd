// Quantities as people write them: "100MB", "1h30m".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace waybill::internal {

// A whole number with or without a unit: B, kB, MB, GB (powers of 1000), KiB, MiB, GiB (of 1024);
// case does not matter, a blank may stand between. Empty for anything else, and for more than 2^63.
std::optional<std::uint64_t> parse_bytes(std::string_view text) noexcept;
inline constexpr std::string_view kBytesExpected = "a size such as 4096, \"64KiB\" or \"100MB\"";

// Whole numbers with units: us, ms, s, m (or min), h, d; several in a row are added up. 0 needs
// none. Empty for anything else, and for more than 100 years.
std::optional<std::chrono::microseconds> parse_duration(std::string_view text) noexcept;
inline constexpr std::string_view kDurationExpected =
    "a time with its unit, such as \"100ms\", \"5s\", \"24h\" or \"30d\"";

}  // namespace waybill::internal
