// A hash of trace ids by a secret: trace ids come from outside, and whoever could choose them to
// collide would make each look-up as slow as a search.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <waybill/core/ids.h>

namespace waybill::internal {

class TraceIdHash {
 public:
  // A new secret.
  TraceIdHash() noexcept : secret_(TraceId::random()) {}

  std::size_t operator()(const TraceId& id) const noexcept {
    const auto product = static_cast<unsigned __int128>(word(id, 0) ^ word(secret_, 0)) *
                         (word(id, 1) ^ word(secret_, 1));
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }

 private:
  static std::uint64_t word(const TraceId& id, std::size_t i) noexcept {
    std::uint64_t value;
    std::memcpy(&value, id.bytes() + 8 * i, sizeof value);
    return value;
  }

  TraceId secret_;
};

}  // namespace waybill::internal
