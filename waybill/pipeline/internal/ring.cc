#include <algorithm>
#include <bit>
#include <new>

#include <waybill/pipeline/internal/ring.h>

namespace waybill::internal {

using detail::RecordHeader;
using detail::RecordKind;
using detail::RecordShape;

struct Ring::Buffer {
  // Null for want of memory.
  static Buffer* make(std::size_t bytes) noexcept {
    void* memory = ::operator new(sizeof(Buffer) + bytes, std::align_val_t{64}, std::nothrow);
    return memory != nullptr ? new (memory) Buffer(bytes) : nullptr;
  }
  static void destroy(Buffer* buffer) noexcept { ::operator delete(buffer, std::align_val_t{64}); }

  char* data() noexcept { return reinterpret_cast<char*>(this + 1); }
  bool contains(const char* place) noexcept { return place >= data() && place <= data() + bytes; }

  // The end of the buffer is its beginning.
  std::size_t offset(const char* place) noexcept {
    return static_cast<std::size_t>(place - data()) & (bytes - 1);
  }
  std::size_t distance(std::size_t from, std::size_t to) const noexcept {
    return (to - from) & (bytes - 1);
  }

  const std::size_t bytes;
  // Set by the producer when it goes on to the next buffer: where its last record ends.
  const char* end = nullptr;
  std::atomic<Buffer*> next = nullptr;
  alignas(64) std::atomic<std::size_t> consumed = 0;  // offset, for the producer

 private:
  explicit Buffer(std::size_t size) noexcept : bytes(size) {}
};

Ring* Ring::make(std::size_t bytes, std::uint64_t thread_id) noexcept {
  Buffer* buffer = Buffer::make(bytes);
  if (buffer == nullptr) return nullptr;
  Ring* ring = new (std::nothrow) Ring(buffer, thread_id);
  if (ring == nullptr) Buffer::destroy(buffer);
  return ring;
}

Ring::Ring(Buffer* buffer, std::uint64_t thread_id) noexcept
    : writing_(buffer),
      thread_id_(thread_id),
      bytes_(buffer->bytes),
      reading_(buffer),
      seen_(buffer->data()),
      seen_in_(buffer) {
  next.store(buffer->data(), std::memory_order_relaxed);
  limit = buffer->data();
}

Ring::~Ring() {
  while (reading_ != nullptr) {
    Buffer* after = reading_->next.load(std::memory_order_acquire);
    Buffer::destroy(reading_);
    reading_ = after;
  }
}

Ring::Room Ring::make_room(std::size_t size, std::size_t bytes_limit, bool fast) noexcept {
  Buffer& buffer = *writing_;
  std::size_t place = buffer.offset(next.load(std::memory_order_relaxed));
  const std::size_t consumed = buffer.consumed.load(std::memory_order_acquire);
  std::size_t free = buffer.bytes - detail::kRecordAlignment - buffer.distance(consumed, place);
  std::size_t until_end = buffer.bytes - place;
  if (until_end < size) {
    if (free < until_end + size) return grow(size, bytes_limit, fast);
    *reinterpret_cast<RecordShape*>(buffer.data() + place) = {
        .size = static_cast<std::uint32_t>(until_end),
        .kind = RecordKind::kNone,
        .detail = {},
        .clock = 0};
    place = 0;
    free -= until_end;
    until_end = buffer.bytes;
  }
  const std::size_t room = std::min(free, until_end);
  if (room < size) return grow(size, bytes_limit, fast);
  limit = buffer.data() + place + std::min(room, std::max(size, buffer.bytes / 4));
  fast_limit = fast ? limit : nullptr;
  next.store(buffer.data() + place, std::memory_order_release);
  return Room::kMade;
}

Ring::Room Ring::grow(std::size_t size, std::size_t bytes_limit, bool fast) noexcept {
  limit = fast_limit = next.load(std::memory_order_relaxed);
  if (size > bytes_limit / 2) return Room::kTooLarge;
  const std::size_t bytes = std::max(writing_->bytes * 2, std::bit_ceil(size * 2));
  if (bytes > bytes_limit) return Room::kFull;
  Buffer* added = Buffer::make(bytes);
  if (added == nullptr) return Room::kNoMemory;
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  Buffer* full = writing_;
  writing_ = added;
  full->end = next.load(std::memory_order_relaxed);
  full->next.store(added, std::memory_order_release);
  next.store(added->data(), std::memory_order_release);
  return make_room(size, bytes_limit, fast);
}

bool Ring::half_full() const noexcept {
  const std::size_t consumed = writing_->consumed.load(std::memory_order_relaxed);
  const std::size_t place = writing_->offset(next.load(std::memory_order_relaxed));
  return writing_->distance(consumed, place) >= writing_->bytes / 2;
}

// A place in a buffer that is not linked yet cannot be seen: it is linked before.
void Ring::look() noexcept {
  const char* place = next.load(std::memory_order_acquire);
  while (!seen_in_->contains(place)) seen_in_ = seen_in_->next.load(std::memory_order_acquire);
  seen_ = place;
}

const RecordHeader* Ring::front() noexcept {
  for (;;) {
    const char* end = reading_ == seen_in_ ? seen_ : reading_->end;
    if (offset_ == reading_->offset(end)) {
      if (reading_ == seen_in_) return nullptr;
      Buffer* empty = reading_;
      reading_ = empty->next.load(std::memory_order_acquire);
      offset_ = 0;
      bytes_.fetch_sub(empty->bytes, std::memory_order_relaxed);
      Buffer::destroy(empty);
      continue;
    }
    const auto* header = reinterpret_cast<const RecordHeader*>(reading_->data() + offset_);
    if (header->shape.kind != RecordKind::kNone) return header;
    skip(*header);
    release();
  }
}

void Ring::skip(const RecordHeader& header) noexcept {
  offset_ = reading_->distance(0, offset_ + header.shape.size);
  consumed_ += header.shape.size;
}

void Ring::release() noexcept {
  reading_->consumed.store(offset_, std::memory_order_release);
}

std::uint64_t Ring::seen() const noexcept {
  std::uint64_t position = consumed_;
  std::size_t from = offset_;
  for (Buffer* buffer = reading_; buffer != seen_in_;
       buffer = buffer->next.load(std::memory_order_acquire)) {
    position += buffer->distance(from, buffer->offset(buffer->end));
    from = 0;
  }
  return position + seen_in_->distance(from, seen_in_->offset(seen_));
}

bool Ring::is_done() noexcept {
  if (!ended_.load(std::memory_order_acquire)) return false;
  look();
  return front() == nullptr;
}

}  // namespace waybill::internal
