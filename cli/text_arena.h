// TextArena: where the texts of one record live, so that reading a line costs one allocation and a
// reused arena none.
//
// What copy() and join() return stays valid until clear() or the arena's end; moving the arena
// keeps it valid. One thread at a time.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace waybill::cli {

class TextArena {
 public:
  // Makes room for `size` bytes in one piece.
  void reserve(std::size_t size) {
    if (blocks_.empty() || size > blocks_.back().size - used_) add_block(size);
  }

  std::string_view copy(std::string_view text) { return join(text, {}, {}); }

  // The three texts, one after the other.
  std::string_view join(std::string_view a, std::string_view b, std::string_view c) {
    const std::size_t size = a.size() + b.size() + c.size();
    if (size == 0) return {};
    reserve(size);
    char* const start = blocks_.back().bytes.get() + used_;
    char* out = start;
    for (const std::string_view part : {a, b, c}) out = std::copy(part.begin(), part.end(), out);
    used_ += size;
    return {start, size};
  }

  // Forgets every text; keeps the newest block, which is the largest, for the next ones.
  void clear() noexcept {
    if (blocks_.size() > 1) blocks_.erase(blocks_.begin(), blocks_.end() - 1);
    used_ = 0;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
  };

  void add_block(std::size_t at_least) {
    const std::size_t size =
        std::max(at_least, blocks_.empty() ? std::size_t{256} : 2 * blocks_.back().size);
    blocks_.push_back({std::unique_ptr<char[]>(new char[size]), size});
    used_ = 0;
  }

  std::vector<Block> blocks_;
  std::size_t used_ = 0;  // of the last block
};

}  // namespace waybill::cli
