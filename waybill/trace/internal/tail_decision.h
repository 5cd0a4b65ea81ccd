// TailDecision: holds the spans of a trace back until it is known whether they are to be exported.
//
// A trace is kept from the moment on at which one of its spans says so: the sampler has sampled it,
// it failed, or it took long (TailOptions). What was held of it is handed over then, in the order
// in which it ended, and what follows goes straight through; so nothing is held of traces that the
// sampler keeps.
//
// It is dropped when its local roots have ended without one. There may be several: a callback comes
// in while the request that caused it is under way. Who begins a local root says so with
// root_began(), and the trace is decided when as many have ended; where nobody has, by the first
// that ends.
//
// What comes after that:
// - Of a trace that was kept, a span goes straight through.
// - Of one that was dropped, it is held again, as it may belong to another request of the same
//   trace, or to work that its request has left behind. It is decided when the next local root
//   ends; but not for longer than kLateWait, where none has been announced. A late failure is so
//   exported, with what is late as it is.
// Both are remembered for a time, and as far as there is room (DecidedTraces).
//
// Bounds: of bytes_held(), at any time, and of the time since a trace was first seen. Beyond them
// the oldest traces are decided as they stand; late ones go first. A trace that alone is too much
// is decided itself. What is decided as it stands is dropped, as no rule has kept it so far.
//
// One thread at a time. Nothing here throws but the constructor; without memory, spans are dropped
// and counted.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <unordered_map>

#include <waybill/trace/ended_span.h>
#include <waybill/trace/internal/decided_traces.h>
#include <waybill/trace/internal/held_spans.h>
#include <waybill/trace/internal/trace_id_hash.h>
#include <waybill/trace/tracing.h>

namespace waybill::internal {

class TailDecision {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr std::size_t kLeastMemory = 64 * 1024;
  static constexpr std::chrono::seconds kLateWait{10};

  // Throws Error for values out of range.
  explicit TailDecision(const TailOptions& options, Clock::time_point now = Clock::now());

  // A span without a parent in this process has begun.
  void root_began(const TraceId& id) noexcept;

  // A span has ended. Calls keep(const EndedSpan&) for those that are to be exported, in this call
  // alone; their resource is that of `span`. A span's scope has to stay until then.
  template <class Keep>
  void consume(const EndedSpan& span, Keep&& keep) noexcept {
    consume(span, Output{[](void* to, const EndedSpan& kept) {
                           (*static_cast<std::remove_reference_t<Keep>*>(to))(kept);
                         },
                         &keep});
  }

  // What time it is: from time to time, and once a second at least. Drops what has waited for too
  // long.
  void tick(Clock::time_point now) noexcept;

  // Decides what waits, as it stands: the end of the process, or of this set-up.
  void decide_all() noexcept;

  // In the child of a fork: the parent has it all.
  void forget() noexcept;

  const TailCounts& counts() const noexcept { return counts_; }
  // Of what waits, with what it takes to find it.
  std::size_t bytes_held() const noexcept { return counts_.bytes_held; }
  std::size_t traces_held() const noexcept { return traces_.size(); }

 private:
  struct Output {
    void (*call)(void* to, const EndedSpan& span);
    void* to;
    void operator()(const EndedSpan& span) const { call(to, span); }
  };

  struct Queue;
  struct Trace {
    const TraceId* id = nullptr;  // the key
    Queue* queue = nullptr;       // that it waits in
    Trace* before = nullptr;
    Trace* after = nullptr;
    Clock::time_point since = {};
    std::uint32_t open_roots = 0;
    bool kept = false;
    HeldSpans spans = {};
  };
  // The oldest first.
  struct Queue {
    Trace* first = nullptr;
    Trace* last = nullptr;
    void add(Trace& trace) noexcept;
    void remove(Trace& trace) noexcept;
  };
  using Traces = std::unordered_map<TraceId, Trace, TraceIdHash>;
  // With the table's own share of it.
  static constexpr std::size_t kTraceBytes = sizeof(Traces::value_type) + 4 * sizeof(void*);

  void consume(const EndedSpan& span, Output keep) noexcept;
  bool is_reason_to_keep(const EndedSpan& span) const noexcept;
  Trace* find(const TraceId& id) noexcept;
  // Null without memory.
  Trace* add(const TraceId& id, Queue& queue, bool kept) noexcept;
  // False: the trace was decided over it, and is gone.
  bool hold(Trace& trace, const EndedSpan& span) noexcept;
  void keep_held(Trace& trace, const Resource& resource, Output keep) noexcept;
  void end_root(Trace& trace) noexcept;
  void wait_for_root(Trace& trace) noexcept;
  // False: `growing` itself was the oldest, and is gone.
  bool make_room(std::size_t bytes, const Trace* growing) noexcept;
  void decide_as_it_stands(Trace& trace) noexcept;
  void remove(Trace& trace) noexcept;
  void drop_older(Queue& queue, std::chrono::nanoseconds than) noexcept;

  const TailOptions options_;
  const std::chrono::nanoseconds late_wait_;
  Clock::time_point now_;
  Traces traces_;
  Queue waiting_;
  Queue late_;  // of traces that were dropped
  Trace* last_found_ = nullptr;
  DecidedTraces decided_;
  TailCounts counts_;
};

}  // namespace waybill::internal
