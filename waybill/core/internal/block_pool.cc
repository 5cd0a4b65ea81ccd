#include <cstdint>
#include <new>

#include <waybill/core/internal/block_pool.h>

#if defined(__SANITIZE_ADDRESS__)
#define WAYBILL_KEEP_BLOCKS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WAYBILL_KEEP_BLOCKS 0
#endif
#endif
#ifndef WAYBILL_KEEP_BLOCKS
#define WAYBILL_KEEP_BLOCKS 1
#endif

namespace waybill::internal {

#if WAYBILL_KEEP_BLOCKS

namespace {

struct FreeBlock {
  FreeBlock* next;
};

// Trivially destructible, so that it can be used until the very end of its thread.
struct Kept {
  FreeBlock* first = nullptr;
  std::uint32_t count = 0;
  std::uint32_t most = 0;  // 0 until the thread's end is provided for, and after it
};

[[gnu::tls_model("initial-exec")]] constinit thread_local Kept t_small;
[[gnu::tls_model("initial-exec")]] constinit thread_local Kept t_large;
[[gnu::tls_model("initial-exec")]] constinit thread_local bool t_ended = false;

void free_all(Kept& kept) noexcept {
  while (kept.first != nullptr) {
    FreeBlock* block = kept.first;
    kept.first = block->next;
    ::operator delete(block);
  }
  kept = {};
}

struct AtThreadExit {
  ~AtThreadExit() {
    t_ended = true;
    free_all(t_small);
    free_all(t_large);
  }
  void arm() const noexcept { t_small.most = t_large.most = kMostKept; }
};
thread_local const AtThreadExit t_at_exit;

[[gnu::noinline, gnu::cold]] void give_back_unkept(FreeBlock* block) noexcept {
  ::operator delete(block);
  if (!t_ended) t_at_exit.arm();
}

Kept& kept_of(std::size_t size) noexcept {
  return size <= kSmallBlock ? t_small : t_large;
}

}  // namespace

void* take_block(std::size_t size) {
  if (size > kLargeBlock) return ::operator new(size);
  Kept& kept = kept_of(size);
  FreeBlock* block = kept.first;
  if (block == nullptr) return ::operator new(size <= kSmallBlock ? kSmallBlock : kLargeBlock);
  kept.first = block->next;
  --kept.count;
  return block;
}

void give_back_block(void* memory, std::size_t size) noexcept {
  if (size > kLargeBlock) return ::operator delete(memory);
  Kept& kept = kept_of(size);
  auto* block = static_cast<FreeBlock*>(memory);
  if (kept.count >= kept.most) return give_back_unkept(block);
  block->next = kept.first;
  kept.first = block;
  ++kept.count;
}

#else

void* take_block(std::size_t size) {
  return ::operator new(size);
}
void give_back_block(void* block, std::size_t) noexcept {
  ::operator delete(block);
}

#endif

}  // namespace waybill::internal
