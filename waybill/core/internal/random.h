// Random words for ids: one generator a thread, seeded by the operating system, and seeded afresh
// in the child after fork().
#pragma once

#include <cstdint>

namespace waybill::internal {

struct Random64x2 {
  std::uint64_t words[2];
};

// Unpredictable enough to be unique, not to keep a secret. Thread-safe, no lock, no allocation.
std::uint64_t random_nonzero_64() noexcept;
Random64x2 random_nonzero_128() noexcept;

}  // namespace waybill::internal
