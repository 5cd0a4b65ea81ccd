#include <algorithm>
#include <cstdlib>

#include <waybill/otlp/wire_buffer.h>

namespace waybill {

bool WireBuffer::grow(std::size_t size) noexcept {
  constexpr std::size_t kSmallest = 4096;
  const std::size_t capacity = std::max({size_ + size, capacity_ * 2, kSmallest});
  auto* const larger = static_cast<char*>(std::realloc(bytes_.get(), capacity));
  if (larger == nullptr) return false;
  static_cast<void>(bytes_.release());  // realloc() has taken care of it
  bytes_.reset(larger);
  capacity_ = capacity;
  return true;
}

}  // namespace waybill
