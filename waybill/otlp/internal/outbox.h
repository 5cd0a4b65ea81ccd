// Outbox: what lies between those who hand requests over and the thread that sends them: a queue
// with a bound in bytes, and what each has to know of the other. Thread-safe.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>

#include <waybill/otlp/internal/signal_counters.h>
#include <waybill/otlp/wire_buffer.h>
#include <waybill/pipeline/internal/event.h>

namespace waybill::internal {

struct Batch {
  WireBuffer request;
  std::uint32_t records = 0;
  std::size_t cost = 0;  // bytes of the bound
  std::chrono::steady_clock::time_point handed_over = {};
};

class Outbox {
 public:
  Outbox(std::size_t bytes_limit, SignalCounters& counters)
      : bytes_limit_(bytes_limit), counters_(counters) {}

  enum class Put : std::uint8_t { kTaken, kFull, kEnded };
  // Exchanges the request for empty memory.
  Put put(WireBuffer& request, std::uint32_t records,
          std::chrono::steady_clock::time_point now) noexcept;

  // The oldest. It counts for the bound, and is waited for, until it is settled.
  std::optional<Batch> take() noexcept;
  // It has been delivered, is on disk, or is lost. Its memory is used again.
  void settled(Batch&& batch) noexcept;

  // The number of batches that were put so far; and whether as many have been settled.
  std::uint64_t put_count() const noexcept;
  bool has_settled(std::uint64_t count) const noexcept;
  bool is_empty() const noexcept;
  bool is_half_full() const noexcept;

  // In the child of a fork, instead of all else: what is here is the parent's to deliver, and may
  // be in any state.
  void abandon() noexcept;

  // Something for the sending thread to do; something that others wait for.
  Event work;
  Event done;

  std::atomic<bool> running = false;  // the sending thread
  std::atomic<bool> hurry = false;    // somebody waits: do not spare the collector
  std::atomic<int> waiters = 0;
  std::atomic<bool> closing = false;  // nothing more will be put
  std::atomic<bool> ended = false;    // the process ends: the thread is to stop where it is

 private:
  mutable std::mutex mutex_;
  std::deque<Batch> queue_;
  const std::size_t bytes_limit_;
  std::size_t bytes_ = 0;  // with what was taken and is not settled
  std::uint64_t put_count_ = 0;
  std::uint64_t settled_count_ = 0;
  std::array<WireBuffer, 4> spares_;  // for as many requests in a burst as this
  SignalCounters& counters_;
};

}  // namespace waybill::internal
