#include <cstdint>
#include <new>

#include <waybill/core/block_pool.h>

namespace waybill::internal {

#if !WAYBILL_ADDRESS_SANITIZER

constinit thread_local KeptBlocks t_small_blocks;
constinit thread_local KeptBlocks t_large_blocks;

namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local bool t_ended = false;

void free_all(KeptBlocks& kept) noexcept {
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
    free_all(t_small_blocks);
    free_all(t_large_blocks);
  }
  void arm() const noexcept { t_small_blocks.most = t_large_blocks.most = kMostKept; }
};
thread_local const AtThreadExit t_at_exit;

[[gnu::noinline, gnu::cold]] void give_back_unkept(FreeBlock* block) noexcept {
  ::operator delete(block);
  if (!t_ended) t_at_exit.arm();
}

KeptBlocks& kept_of(std::size_t size) noexcept {
  return size <= kSmallBlock ? t_small_blocks : t_large_blocks;
}

}  // namespace

void* take_block(std::size_t size) {
  if (size > kLargeBlock) return ::operator new(size);
  KeptBlocks& kept = kept_of(size);
  FreeBlock* block = kept.first;
  if (block == nullptr) return ::operator new(size <= kSmallBlock ? kSmallBlock : kLargeBlock);
  kept.first = block->next;
  --kept.count;
  return block;
}

void give_back_block(void* memory, std::size_t size) noexcept {
  if (size > kLargeBlock) return ::operator delete(memory);
  KeptBlocks& kept = kept_of(size);
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
