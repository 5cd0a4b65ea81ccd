#include <thread>

#include <waybill/metrics/internal/exemplars.h>

namespace waybill::internal {

constinit std::atomic<std::uint32_t> exemplar_round = 1;

// One generator a thread (xorshift64*). What it draws need not be hard to guess.
std::size_t ExemplarDraw::below(std::uint32_t limit) noexcept {
  [[gnu::tls_model("initial-exec")]] static constinit thread_local std::uint64_t t_state = 0;
  if (t_state == 0) t_state = SpanId::random().hash() | 1;
  t_state ^= t_state >> 12;
  t_state ^= t_state << 25;
  t_state ^= t_state >> 27;
  const std::uint64_t high = (t_state * 0x2545f4914f6cdd1dU) >> 32;
  return static_cast<std::size_t>((high * limit) >> 32);
}

void ExemplarReservoir::put(std::size_t place, MetricNumber value,
                            const MeasuredIn& trace) noexcept {
  if (!try_lock()) return;
  places_[place] = {true, std::chrono::system_clock::now(), value, trace};
  unlock();
}

std::vector<Exemplar> ExemplarReservoir::exemplars(
    std::chrono::system_clock::time_point since) const {
  std::vector<Exemplar> result;
  result.reserve(places_.size());
  while (!try_lock()) std::this_thread::yield();
  for (const Place& place : places_) {
    if (!place.taken || place.time < since) continue;
    result.push_back({place.time, place.value, place.trace.trace_id, place.trace.span_id, {}});
  }
  unlock();
  return result;
}

void ExemplarReservoir::make_new() noexcept {
  for (Place& place : places_) place.taken = false;
  locked_.store(false, std::memory_order_relaxed);
}

}  // namespace waybill::internal
