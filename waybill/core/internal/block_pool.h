// Memory for context nodes and their data: blocks of two sizes, a few kept by each thread for its
// next context. Contexts come and go with each span and hop; the general allocator, good as it is,
// would cost as much as everything else about them.
//
// A block may be given back on another thread than the one that took it. Each thread keeps at most
// kMostKept blocks of a size, and gives them up when it ends. Under AddressSanitizer nothing is
// kept, so that a use after the end is found.
#pragma once

#include <cstddef>

namespace waybill::internal {

inline constexpr std::size_t kSmallBlock = 64;
inline constexpr std::size_t kLargeBlock = 512;
inline constexpr std::size_t kMostKept = 32;

// Aligned for any type. Beyond kLargeBlock bytes: as operator new. Throws std::bad_alloc.
void* take_block(std::size_t size);

// `size` as it was taken.
void give_back_block(void* block, std::size_t size) noexcept;

}  // namespace waybill::internal
