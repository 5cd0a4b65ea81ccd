#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <thread>

#include <pthread.h>

#include <waybill/metrics/internal/thread_cells.h>

namespace waybill::internal {
namespace {

constexpr std::size_t kChunkBytes = 2048;
constexpr std::size_t kCacheLine = 64;
constexpr std::size_t kFirstTable = 64;

constinit CellTable no_cells = {0};

CellTable* make_table(std::size_t size) noexcept {
  void* memory = std::calloc(1, sizeof(CellTable) + size * sizeof(std::atomic<void*>));
  return memory == nullptr ? nullptr : new (memory) CellTable{size};
}

}  // namespace

[[gnu::tls_model("initial-exec")]] constinit thread_local CellTable* t_cells = &no_cells;
constinit thread_local ThreadCells::Block* ThreadCells::t_block_ = nullptr;

// Memory of one block, on cache lines of its own.
struct alignas(kCacheLine) ThreadCells::Chunk {
  std::size_t size;  // behind this
  std::size_t used = 0;
  Chunk* next;
  char* begin() noexcept { return reinterpret_cast<char*>(this + 1); }
};

ThreadCells& ThreadCells::get() noexcept {
  static ThreadCells& forever = *new ThreadCells;
  return forever;
}

// Held for microseconds, by threads that rarely meet; unlike a mutex, it can be made new in the
// child of a fork.
void ThreadCells::lock() noexcept {
  while (locked_.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
}
void ThreadCells::unlock() noexcept {
  locked_.store(false, std::memory_order_release);
}

// A key's destructor runs after those of the thread's C++ objects, and again if it is set again.
ThreadCells::ThreadCells() noexcept : has_key_(pthread_key_create(&at_thread_end_, give_up) == 0) {}

void ThreadCells::set_at_thread_end(Block* block) noexcept {
  if (has_key_) pthread_setspecific(at_thread_end_, block);
}

void ThreadCells::give_up(void* block) noexcept {
  t_block_ = nullptr;
  t_cells = &no_cells;
  ThreadCells& all = get();
  const std::lock_guard lock(all);
  static_cast<Block*>(block)->owned = false;
}

void* ThreadCells::find_cell(const Block& block, std::uint32_t index) noexcept {
  const std::lock_guard lock(*this);  // the thread may be about to replace the table
  CellTable* table = block.table.load(std::memory_order_relaxed);
  if (index >= table->size) return nullptr;
  return table->cells()[index].load(std::memory_order_relaxed);
}

// With the lock.
ThreadCells::Block* ThreadCells::own_block() noexcept {
  if (t_block_ != nullptr) return t_block_;
  Block* block = blocks_.load(std::memory_order_relaxed);
  while (block != nullptr && block->owned) block = block->next;
  if (block == nullptr) {
    block = new (std::nothrow) Block{.table = &no_cells};
    if (block == nullptr) return nullptr;
    block->next = blocks_.load(std::memory_order_relaxed);
    blocks_.store(block, std::memory_order_release);
  }
  block->owned = true;
  t_block_ = block;
  t_cells = block->table.load(std::memory_order_relaxed);
  set_at_thread_end(block);
  return block;
}

void* ThreadCells::Block::allocate(std::size_t bytes) noexcept {
  bytes = (bytes + 15) & ~std::size_t{15};
  Chunk* chunk = chunks.load(std::memory_order_relaxed);
  if (chunk == nullptr || chunk->size - chunk->used < bytes) {
    const std::size_t room = std::max(bytes, kChunkBytes - sizeof(Chunk));
    const std::size_t whole = (sizeof(Chunk) + room + kCacheLine - 1) & ~(kCacheLine - 1);
    void* memory = std::aligned_alloc(kCacheLine, whole);
    if (memory == nullptr) return nullptr;
    std::memset(memory, 0, whole);
    chunk = new (memory) Chunk{.size = whole - sizeof(Chunk), .next = chunk};
    chunks.store(chunk, std::memory_order_release);
  }
  void* memory = chunk->begin() + chunk->used;
  chunk->used += bytes;
  return memory;
}

void* make_own_cell(std::uint32_t index, std::size_t bytes) noexcept {
  ThreadCells& all = ThreadCells::get();
  const std::lock_guard lock(all);
  ThreadCells::Block* block = all.own_block();
  if (block == nullptr) return nullptr;
  CellTable* table = t_cells;
  if (index >= table->size) {
    CellTable* larger = make_table(std::max(kFirstTable, std::bit_ceil(std::size_t{index} + 1)));
    if (larger == nullptr) return nullptr;
    for (std::size_t i = 0; i < table->size; ++i) {
      larger->cells()[i].store(table->cells()[i].load(std::memory_order_relaxed),
                               std::memory_order_relaxed);
    }
    block->table.store(larger, std::memory_order_release);
    t_cells = larger;
    if (table != &no_cells) std::free(table);
    table = larger;
  }
  std::atomic<void*>& cell = table->cells()[index];
  if (cell.load(std::memory_order_relaxed) == nullptr) {
    cell.store(block->allocate(bytes), std::memory_order_release);
  }
  return cell.load(std::memory_order_relaxed);
}

void* make_own_memory(std::size_t bytes) noexcept {
  ThreadCells& all = ThreadCells::get();
  const std::lock_guard lock(all);
  ThreadCells::Block* block = all.own_block();
  return block == nullptr ? nullptr : block->allocate(bytes);
}

void ThreadCells::after_fork_in_child() noexcept {
  locked_.store(false, std::memory_order_relaxed);
  for (Block* block = blocks_.load(std::memory_order_relaxed); block != nullptr;
       block = block->next) {
    for (Chunk* chunk = block->chunks.load(std::memory_order_relaxed); chunk != nullptr;
         chunk = chunk->next) {
      std::memset(chunk->begin(), 0, chunk->size);
    }
    block->owned = false;
  }
  if (t_block_ != nullptr) set_at_thread_end(nullptr);
  t_block_ = nullptr;
  t_cells = &no_cells;
}

}  // namespace waybill::internal
