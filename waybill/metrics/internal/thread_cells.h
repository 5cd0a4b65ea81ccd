// The cells of each thread, by the index of their series.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include <pthread.h>

namespace waybill::internal {

// The cells of one thread: a table that the thread replaces by a larger one as need be.
struct CellTable {
  std::size_t size;
  std::atomic<void*>* cells() noexcept { return reinterpret_cast<std::atomic<void*>*>(this + 1); }
};

// Trivially destructible: a thread may measure until its very end.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local CellTable* t_cells;

// This thread's cell of the series with that index, or null where it has none yet. In functions
// that are not inlined elsewhere: see core/ambient_place.h.
template <class Cell>
Cell* own_cell(std::uint32_t index) noexcept {
  CellTable* table = t_cells;
  if (index >= table->size) [[unlikely]]
    return nullptr;
  return static_cast<Cell*>(table->cells()[index].load(std::memory_order_relaxed));
}

// Makes it: `bytes` of memory that is zero. Null without memory. Takes the lock below; the cells
// of a thread that has ended are taken over by the next one.
void* make_own_cell(std::uint32_t index, std::size_t bytes) noexcept;

// Further memory of this thread, for a cell that it has. Never given back.
void* make_own_memory(std::size_t bytes) noexcept;

// The cells of all threads. Its lock is held for a moment: while a cell is made, or one is looked
// for.
class ThreadCells {
 public:
  static ThreadCells& get() noexcept;

  // Calls visit(void* cell) for each cell that there is of that series. Cells live as long as the
  // process, and are visited without the lock, as that may take a while.
  template <class Visit>
  void for_each(std::uint32_t index, Visit&& visit) {
    for (Block* block = blocks_.load(std::memory_order_acquire); block != nullptr;
         block = block->next) {
      if (void* cell = find_cell(*block, index); cell != nullptr) visit(cell);
    }
  }

  void lock() noexcept;
  void unlock() noexcept;

  // In the child of a fork, where no other thread is: this thread has no cells, and all cells are
  // zero. What is published is so by one store, so that the child finds it whole at any moment.
  void after_fork_in_child() noexcept;

 private:
  friend void* make_own_cell(std::uint32_t index, std::size_t bytes) noexcept;
  friend void* make_own_memory(std::size_t bytes) noexcept;

  struct Chunk;
  struct Block {
    std::atomic<CellTable*> table;
    bool owned = false;
    Block* next = nullptr;
    std::atomic<Chunk*> chunks = nullptr;
    void* allocate(std::size_t bytes) noexcept;
  };

  ThreadCells() noexcept;
  void* find_cell(const Block& block, std::uint32_t index) noexcept;
  Block* own_block() noexcept;
  static void give_up(void* block) noexcept;
  void set_at_thread_end(Block* block) noexcept;

  std::atomic<Block*> blocks_ = nullptr;
  std::atomic<bool> locked_ = false;
  pthread_key_t at_thread_end_ = {};
  const bool has_key_;

  static thread_local Block* t_block_;
};

}  // namespace waybill::internal
