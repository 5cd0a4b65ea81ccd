#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include <waybill/core/block_pool.h>
#include <waybill/core/sanitizers.h>

namespace waybill::internal {
namespace {

TEST(BlockPool, GivesBlocksThatDoNotOverlap) {
  for (const std::size_t size : {std::size_t{1}, kSmallBlock, kSmallBlock + 1, kLargeBlock,
                                 kLargeBlock + 1, std::size_t{10'000}}) {
    std::vector<void*> blocks;
    for (std::size_t i = 0; i < 3 * kMostKept; ++i) {
      blocks.push_back(take_block(size));
      std::memset(blocks.back(), static_cast<int>(i), size);
    }
    EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), blocks.size());
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      EXPECT_EQ(static_cast<unsigned char*>(blocks[i])[size - 1], i);
      give_back_block(blocks[i], size);
    }
  }
}

#if !WAYBILL_ADDRESS_SANITIZER  // which has blocks not kept
TEST(BlockPool, HandsOutAgainWhatTheThreadGaveBackLast) {
  for (const std::size_t size : {kSmallBlock, kLargeBlock}) {
    give_back_block(take_block(size), size);  // the first one of a thread only opens its store
    void* const kept = take_block(size);
    give_back_block(kept, size);
    EXPECT_EQ(take_block(size), kept);
    give_back_block(kept, size);
  }
}
#endif

// ThreadSanitizer watches: one thread takes, another gives back, and ends.
TEST(BlockPool, TakesBlocksBackOnAnyThread) {
  for (int round = 0; round < 20; ++round) {
    std::vector<void*> blocks;
    for (std::size_t i = 0; i < 2 * kMostKept; ++i) blocks.push_back(take_block(kSmallBlock));
    std::thread([&blocks] {
      for (void* block : blocks) give_back_block(block, kSmallBlock);
    }).join();
  }
}

}  // namespace
}  // namespace waybill::internal
