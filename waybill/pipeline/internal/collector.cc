#include <algorithm>

#include <waybill/pipeline/clock.h>
#include <waybill/pipeline/internal/collector.h>
#include <waybill/pipeline/internal/counters.h>

namespace waybill::internal {

using detail::RecordConsumer;
using detail::RecordHeader;

namespace {

// For a heap whose top is the earliest.
constexpr auto kLater = [](const auto& a, const auto& b) {
  return a.header->ticks > b.header->ticks;
};

}  // namespace

void Collector::add(Ring* ring) noexcept {
  ring->next_new = new_rings_.load(std::memory_order_relaxed);
  while (!new_rings_.compare_exchange_weak(ring->next_new, ring, std::memory_order_release,
                                           std::memory_order_relaxed)) {
  }
}

void Collector::adopt_new_rings() {
  if (new_rings_.load(std::memory_order_relaxed) == nullptr) return;
  Ring* ring = new_rings_.exchange(nullptr, std::memory_order_acquire);
  while (ring != nullptr) {
    Ring* next = ring->next_new;
    try {
      heads_.reserve(rings_.size() + 1);
      rings_.push_back(ring);
    } catch (...) {  // no memory now: again next time
      add(ring);
    }
    ring = next;
  }
}

std::size_t Collector::collect(bool flushing) noexcept {
  consumed_ = 0;
  clock_.update();
  // What is written while the rings are being looked at is later than this, and has to wait for the
  // next pass: in the rings that were looked at first, it was not seen.
  const std::uint64_t now = detail::ticks();
  adopt_new_rings();
  heads_.clear();
  for (Ring* ring : rings_) {
    ring->look();
    if (const RecordHeader* header = ring->front()) heads_.push_back({ring, header});
  }
  merge_until(now);
  consume_future();
  for (auto& consumer : consumers_) {
    if (RecordConsumer* present = consumer.load(std::memory_order_acquire)) {
      present->end_of_batch(flushing);
    }
  }
  remove_done_rings();
  add_to(counters().consumed, consumed_);
  return consumed_;
}

void Collector::merge_until(std::uint64_t last_ticks) noexcept {
  std::make_heap(heads_.begin(), heads_.end(), kLater);
  while (!heads_.empty()) {
    std::pop_heap(heads_.begin(), heads_.end(), kLater);
    auto [ring, header] = heads_.back();
    heads_.pop_back();
    // Of the earliest ring, all records up to the next ring's first.
    const std::uint64_t until =
        heads_.empty() ? last_ticks : std::min(last_ticks, heads_.front().header->ticks);
    while (header != nullptr && header->ticks <= until) {
      consume(*ring, *header);
      header = ring->front();
    }
    if (header != nullptr && header->ticks <= last_ticks) {
      heads_.push_back({ring, header});
      std::push_heap(heads_.begin(), heads_.end(), kLater);
    }
  }
}

// What claims to be later than it is now was written before the clock was set back: waiting would
// not help.
void Collector::consume_future() noexcept {
  const std::uint64_t now = detail::ticks();
  for (Ring* ring : rings_) {
    const RecordHeader* header = ring->front();
    while (header != nullptr && header->ticks > now) {
      consume(*ring, *header);
      header = ring->front();
    }
  }
}

void Collector::consume(Ring& ring, const RecordHeader& header) noexcept {
  ring.skip(header);
  const auto kind = static_cast<std::size_t>(header.shape.kind);
  if (RecordConsumer* consumer = consumers_[kind].load(std::memory_order_relaxed)) {
    const double rate = header.shape.clock == 0 ? clock_.nanoseconds_per_tick() : 1;
    consumer->consume(header, {.thread_id = ring.thread_id(), .nanoseconds_per_tick = rate},
                      clock_.time_of(header));
  }
  ring.release();
  ++consumed_;
}

void Collector::remove_done_rings() noexcept {
  std::size_t bytes = 0;
  std::erase_if(rings_, [&](Ring* ring) {
    const bool done = ring->is_done();
    if (done) {
      delete ring;
    } else {
      bytes += ring->bytes();
    }
    return done;
  });
  ring_count_.store(rings_.size(), std::memory_order_relaxed);
  ring_bytes_.store(bytes, std::memory_order_relaxed);
}

void Collector::set_checkpoint() noexcept {
  // In this order: what refers to a retired context was written before it was retired, and is seen.
  retired_ = detail::RetiredContexts::take();
  adopt_new_rings();
  for (Ring* ring : rings_) {
    ring->look();
    ring->checkpoint = ring->seen();
  }
  has_checkpoint_ = true;
}

bool Collector::reached_checkpoint() noexcept {
  const bool reached =
      has_checkpoint_ && std::all_of(rings_.begin(), rings_.end(), [](const Ring* ring) {
        return ring->consumed() >= ring->checkpoint;
      });
  if (!reached) return false;
  retired_ = {};
  has_checkpoint_ = false;
  return true;
}

void Collector::tell_of_crash(const detail::Crash& crash) noexcept {
  for (auto& consumer : consumers_) {
    if (RecordConsumer* present = consumer.load(std::memory_order_acquire)) {
      present->before_crash(crash);
    }
  }
}

void Collector::forget_rings() noexcept {
  adopt_new_rings();
  for (Ring* ring : rings_) delete ring;
  rings_.clear();
  heads_.clear();
}

void Collector::after_fork_in_child() noexcept {
  forget_rings();
  retired_ = {};
  has_checkpoint_ = false;
  for (auto& consumer : consumers_) {
    if (RecordConsumer* present = consumer.load(std::memory_order_acquire)) {
      present->after_fork_in_child();
    }
  }
}

}  // namespace waybill::internal
