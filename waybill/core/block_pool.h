// Memory for context nodes and their data: blocks of two sizes, a few kept by each thread for its
// next context. Contexts come and go with each span and hop; the general allocator, good as it is,
// would cost as much as everything else about them.
//
// A block may be given back on another thread than the one that took it. Each thread keeps at most
// kMostKept blocks of a size, and gives them up when it ends. Under AddressSanitizer nothing is
// kept, so that a use after the end is found.
#pragma once

#include <cstddef>
#include <cstdint>

#include <waybill/core/sanitizers.h>

namespace waybill::internal {

inline constexpr std::size_t kSmallBlock = 64;
inline constexpr std::size_t kLargeBlock = 512;
inline constexpr std::size_t kMostKept = 32;

// Aligned for any type. Beyond kLargeBlock bytes: as operator new. Throws std::bad_alloc.
void* take_block(std::size_t size);

// `size` as it was taken.
void give_back_block(void* block, std::size_t size) noexcept;

// The same for a size that is known, without a call in the common case. For source files, in
// functions that are not inlined elsewhere, as ambient_place.h has it.
#if !WAYBILL_ADDRESS_SANITIZER

struct FreeBlock {
  FreeBlock* next;
};

// Trivially destructible, so that it can be used until the very end of its thread.
struct KeptBlocks {
  FreeBlock* first = nullptr;
  std::uint32_t count = 0;
  std::uint32_t most = 0;  // 0 until the thread's end is provided for, and after it
};

[[gnu::tls_model("initial-exec")]] extern constinit thread_local KeptBlocks t_small_blocks;
[[gnu::tls_model("initial-exec")]] extern constinit thread_local KeptBlocks t_large_blocks;

template <std::size_t Size>
KeptBlocks& kept_blocks() noexcept {
  static_assert(Size <= kLargeBlock);
  return Size <= kSmallBlock ? t_small_blocks : t_large_blocks;
}

// Whether the next one is at hand, and taking it cannot fail.
template <std::size_t Size>
inline bool has_block() noexcept {
  return kept_blocks<Size>().first != nullptr;
}

template <std::size_t Size>
inline void* take_block() {
  KeptBlocks& kept = kept_blocks<Size>();
  FreeBlock* block = kept.first;
  if (block == nullptr) [[unlikely]]
    return take_block(Size);
  kept.first = block->next;
  --kept.count;
  return block;
}

template <std::size_t Size>
inline void give_back_block(void* memory) noexcept {
  KeptBlocks& kept = kept_blocks<Size>();
  if (kept.count >= kept.most) [[unlikely]]
    return give_back_block(memory, Size);
  auto* block = static_cast<FreeBlock*>(memory);
  block->next = kept.first;
  kept.first = block;
  ++kept.count;
}

#else

template <std::size_t Size>
bool has_block() noexcept {
  return false;
}
template <std::size_t Size>
void* take_block() {
  return take_block(Size);
}
template <std::size_t Size>
void give_back_block(void* memory) noexcept {
  give_back_block(memory, Size);
}

#endif

}  // namespace waybill::internal
