// WireBuffer: bytes that grow at their end, for messages of megabytes that are made time and again.
// Unlike a std::string, it leaves new memory as it is and does not throw.
//
//   char* at = buffer.room(24);            // null: there is no memory
//   buffer.set_end(write_something(at));   // at most 24 bytes further on
#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>

namespace waybill {

class WireBuffer {
 public:
  WireBuffer() noexcept = default;
  WireBuffer(WireBuffer&& other) noexcept { swap(other); }
  WireBuffer& operator=(WireBuffer&& other) noexcept {
    swap(other);
    return *this;
  }

  const char* data() const noexcept { return bytes_.get(); }
  char* data() noexcept { return bytes_.get(); }
  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return size_ == 0; }
  std::string_view view() const noexcept { return {data(), size_}; }

  // Keeps the memory.
  void clear() noexcept { size_ = 0; }

  // The end, behind which `size` bytes may be written; null without memory, and then nothing has
  // changed. What was there before may have moved.
  char* room(std::size_t size) noexcept {
    if (capacity_ - size_ < size && !grow(size)) return nullptr;
    return bytes_.get() + size_;
  }

  // Everything before `end` has been written.
  void set_end(const char* end) noexcept { size_ = static_cast<std::size_t>(end - bytes_.get()); }

  void swap(WireBuffer& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  struct Free {
    void operator()(char* bytes) const noexcept { std::free(bytes); }
  };

  bool grow(std::size_t size) noexcept;

  std::unique_ptr<char, Free> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace waybill
