// SHA-256 (FIPS 180-4), for trace names alone: core has no third-party code to borrow it from.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace waybill::internal {

using Sha256Digest = std::array<std::uint8_t, 32>;

Sha256Digest sha256(std::string_view message) noexcept;

}  // namespace waybill::internal
