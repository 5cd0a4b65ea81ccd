#include <algorithm>
#include <bit>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include <pthread.h>
#include <unistd.h>

#include <waybill/core/ambient_place.h>
#include <waybill/pipeline/internal/counters.h>
#include <waybill/pipeline/internal/engine.h>
#include <waybill/pipeline/internal/thread_ring.h>
#include <waybill/pipeline/record_writer.h>

namespace waybill {

namespace internal {
namespace {

using detail::RecordHeader;
using std::chrono::steady_clock;

constinit detail::RingFront no_ring;  // has no room

// Trivially destructible: a thread may write records until its very end.
[[gnu::tls_model("initial-exec")]] constinit thread_local detail::RingFront* t_front = &no_ring;
[[gnu::tls_model("initial-exec")]] constinit thread_local Ring* t_ring = nullptr;

void set_thread_ring(Ring* ring) noexcept {
  t_ring = ring;
  t_front = ring != nullptr ? ring : &no_ring;
}

void end_thread_ring(void* ring) noexcept {
  set_thread_ring(nullptr);
  static_cast<Ring*>(ring)->end();
}

// A key's destructor runs after those of the thread's C++ objects, and again if it is set again:
// unlike theirs, it is never too early.
// Where there is no key left, rings stay when their threads have ended.
constinit std::optional<pthread_key_t> at_thread_end;

void set_ring_at_thread_end(Ring* ring) noexcept {
  if (at_thread_end) pthread_setspecific(*at_thread_end, ring);
}

Ring* make_thread_ring() noexcept {
  Engine& engine = Engine::get();
  const std::size_t bytes = std::bit_ceil(engine.options().ring_bytes);
  Ring* ring = Ring::make(bytes, static_cast<std::uint64_t>(gettid()));
  if (ring == nullptr) return nullptr;
  engine.collector().add(ring);
  set_ring_at_thread_end(ring);
  set_thread_ring(ring);
  return ring;
}

// Lets the background thread run, if it has reason to.
void tell_engine(Engine& engine, const Ring& ring) noexcept {
  engine.ensure_running();
  if (ring.half_full()) engine.wake();
}

Ring::Room try_to_make_room(Engine& engine, std::size_t size) noexcept {
  const bool fast =
      detail::clock_is_counter.load(std::memory_order_relaxed) && !engine.synchronous();
  return t_ring->make_room(size, std::bit_ceil(engine.options().ring_bytes_limit), fast);
}

Ring::Room wait_for_room(Engine& engine, std::size_t size) noexcept {
  // A sink that writes records must not wait for itself.
  if (Engine::consuming() || engine.options().when_full != WhenFull::kWait)
    return Ring::Room::kFull;
  const auto deadline = steady_clock::now() + engine.options().longest_wait;
  Ring::Room room = Ring::Room::kFull;
  while (room == Ring::Room::kFull && steady_clock::now() < deadline) {
    engine.wake();
    std::this_thread::sleep_for(std::chrono::microseconds(50));
    room = try_to_make_room(engine, size);
  }
  return room;
}

void count_dropped(Ring::Room reason) noexcept {
  Counters& all = counters();
  add_to(reason == Ring::Room::kTooLarge   ? all.too_large
         : reason == Ring::Room::kNoMemory ? all.no_memory
                                           : all.ring_full,
         1);
}

// There is no room up to the limit: makes some.
bool make_room(std::size_t size) noexcept {
  if (t_ring == nullptr && make_thread_ring() == nullptr) {
    count_dropped(Ring::Room::kNoMemory);
    return false;
  }
  Engine& engine = Engine::get();
  tell_engine(engine, *t_ring);
  Ring::Room room = try_to_make_room(engine, size);
  if (room == Ring::Room::kFull) room = wait_for_room(engine, size);
  if (room == Ring::Room::kMade) return true;
  count_dropped(room);
  return false;
}

}  // namespace

void prepare_thread_rings() noexcept {
  pthread_key_t key = {};
  if (pthread_key_create(&key, end_thread_ring) == 0) at_thread_end = key;
}

void reconsider_thread_ring() noexcept {
  if (t_ring != nullptr) t_ring->limit = t_ring->fast_limit = nullptr;
}

void forget_thread_ring() noexcept {
  set_thread_ring(nullptr);
  set_ring_at_thread_end(nullptr);
}

namespace {

RecordHeader* fill_in(char* place, std::uint64_t shape, std::uint64_t ticks,
                      const detail::ContextNode* context) noexcept {
  auto* header = reinterpret_cast<RecordHeader*>(place);
  std::memcpy(&header->shape, &shape, sizeof shape);
  header->ticks = ticks;
  header->context = detail::RecordedContext(context);
  return header;
}

}  // namespace
}  // namespace internal

namespace detail {
namespace {

static_assert(std::endian::native == std::endian::little);
std::size_t size_of(std::uint64_t shape) noexcept {
  return static_cast<std::uint32_t>(shape);
}

// Of pointers that are null before a thread's first record.
std::uintptr_t address(const char* place) noexcept {
  return reinterpret_cast<std::uintptr_t>(place);
}
std::uintptr_t behind(const char* place, std::size_t size) noexcept {
  return address(place) + size;
}

}  // namespace

// Calls nothing, so that it needs no stack: all else is the slow path's.
RecordWriter RecordWriter::begin(std::uint64_t shape) noexcept {
  return begin(shape, internal::t_place.current.node());
}

RecordWriter RecordWriter::begin(std::uint64_t shape, const ContextNode* context) noexcept {
#if defined(__x86_64__)
  RingFront* ring = internal::t_front;
  char* place = ring->next.load(std::memory_order_relaxed);
  if (behind(place, size_of(shape)) <= address(ring->fast_limit)) [[likely]] {
    // The consumer's core has what comes round again: ask for it before it is needed, two lines, as
    // many as most records take. Where a processor does not know the instruction, it does nothing.
    asm volatile("prefetchw %0" ::"m"(place[512]));
    asm volatile("prefetchw %0" ::"m"(place[576]));
    return {internal::fill_in(place, shape, __rdtsc(), context), ring};
  }
#endif
  return begin_slowly(shape, context);
}

[[gnu::noinline]] RecordWriter RecordWriter::begin_slowly(std::uint64_t shape,
                                                          const ContextNode* context) noexcept {
  const std::size_t size = size_of(shape);
  const RingFront* full = internal::t_front;
  if (behind(full->next.load(std::memory_order_relaxed), size) > address(full->limit))
      [[unlikely]] {
    if (!internal::make_room(size)) return {nullptr, nullptr};
  }
  RingFront* ring = internal::t_front;
  RecordHeader* header =
      internal::fill_in(ring->next.load(std::memory_order_relaxed), shape, ticks(), context);
  header->shape.clock = clock_is_counter.load(std::memory_order_relaxed) ? 0 : 1;
  return {header, ring, internal::Engine::get().synchronous()};
}

void RecordWriter::commit_synchronously(std::size_t size) const noexcept {
  auto* ring = reinterpret_cast<RingFront*>(ring_ - 1);
  ring->next.store(reinterpret_cast<char*>(header_) + size, std::memory_order_release);
  internal::Engine::get().consume_here();
}

}  // namespace detail
}  // namespace waybill
