#include <algorithm>
#include <cstring>
#include <utility>

#include <waybill/otlp/internal/outbox.h>

namespace waybill::internal {
namespace {

// What a batch takes beside its bytes.
constexpr std::size_t kOverhead = 128;

bool has_less_room(const WireBuffer& a, const WireBuffer& b) noexcept {
  return a.capacity() < b.capacity();
}

// Memory that is no more than what is in it: for requests that may have to wait for long.
void shrink(WireBuffer& request) noexcept {
  if (request.capacity() / 2 <= request.size() + 4096) return;
  WireBuffer fitting;
  char* const room = fitting.room(request.size());
  if (room == nullptr) return;
  std::memcpy(room, request.data(), request.size());
  fitting.set_end(room + request.size());
  request.swap(fitting);
}

}  // namespace

Outbox::Put Outbox::put(WireBuffer& request, std::uint32_t records,
                        std::chrono::steady_clock::time_point now) noexcept {
  if (ended) return Put::kEnded;
  const std::lock_guard lock(mutex_);
  if (ended) return Put::kEnded;
  // One that is sent at once keeps its room, as its memory is soon used again.
  if (bytes_ != 0) shrink(request);
  const std::size_t cost = request.capacity() + kOverhead;
  if (bytes_ + cost > bytes_limit_) return Put::kFull;
  try {
    Batch& batch = queue_.emplace_back();
    batch.request.swap(request);
    batch.records = records;
    batch.cost = cost;
    batch.handed_over = now;
  } catch (...) {
    return Put::kFull;
  }
  bytes_ += cost;
  add_to(counters_.queue_bytes, cost);
  ++put_count_;
  request.swap(*std::max_element(spares_.begin(), spares_.end(), has_less_room));
  request.clear();
  return Put::kTaken;
}

std::optional<Batch> Outbox::take() noexcept {
  const std::lock_guard lock(mutex_);
  if (queue_.empty()) return std::nullopt;
  std::optional<Batch> batch(std::move(queue_.front()));
  queue_.pop_front();
  return batch;
}

void Outbox::settled(Batch&& batch) noexcept {
  {
    const std::lock_guard lock(mutex_);
    bytes_ -= batch.cost;
    counters_.queue_bytes.fetch_sub(batch.cost, std::memory_order_relaxed);
    ++settled_count_;
    WireBuffer& least = *std::min_element(spares_.begin(), spares_.end(), has_less_room);
    if (has_less_room(least, batch.request)) least.swap(batch.request);
  }
  batch.request = WireBuffer();
  done.signal();
}

std::uint64_t Outbox::put_count() const noexcept {
  const std::lock_guard lock(mutex_);
  return put_count_;
}

bool Outbox::has_settled(std::uint64_t count) const noexcept {
  const std::lock_guard lock(mutex_);
  return settled_count_ >= count;
}

bool Outbox::is_empty() const noexcept {
  const std::lock_guard lock(mutex_);
  return queue_.empty();
}

bool Outbox::is_half_full() const noexcept {
  const std::lock_guard lock(mutex_);
  return bytes_ >= bytes_limit_ / 2;
}

void Outbox::abandon() noexcept {
  counters_.queue_bytes.fetch_sub(bytes_, std::memory_order_relaxed);
  ended = true;
}

}  // namespace waybill::internal
