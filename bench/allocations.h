// Counts calls of operator new: linking the harness replaces it.
#pragma once

#include <cstdint>

namespace bench {

// By the calling thread since it started.
std::uint64_t allocations() noexcept;

}  // namespace bench
