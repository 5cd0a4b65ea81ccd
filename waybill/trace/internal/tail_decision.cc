#include <algorithm>
#include <new>
#include <string>

#include <waybill/core/error.h>
#include <waybill/trace/internal/tail_decision.h>

namespace waybill::internal {
namespace {

const TailOptions& checked(const TailOptions& options) {
  if (options.keep_slower_than.count() < 0) {
    throw Error::bad_option("tail.keep_slower_than",
                            std::to_string(options.keep_slower_than.count()) + "ns",
                            "zero or more");
  }
  if (options.memory_limit < TailDecision::kLeastMemory) {
    throw Error::bad_option("tail.memory_limit", std::to_string(options.memory_limit),
                            "at least " + std::to_string(TailDecision::kLeastMemory) + " bytes");
  }
  if (options.longest_wait.count() <= 0) {
    throw Error::bad_option("tail.longest_wait",
                            std::to_string(options.longest_wait.count()) + "ns", "more than zero");
  }
  return options;
}

}  // namespace

void TailDecision::Queue::add(Trace& trace) noexcept {
  trace.queue = this;
  trace.before = last;
  trace.after = nullptr;
  (last != nullptr ? last->after : first) = &trace;
  last = &trace;
}

void TailDecision::Queue::remove(Trace& trace) noexcept {
  (trace.before != nullptr ? trace.before->after : first) = trace.after;
  (trace.after != nullptr ? trace.after->before : last) = trace.before;
}

TailDecision::TailDecision(const TailOptions& options, Clock::time_point now)
    : options_(checked(options)),
      late_wait_(std::min<std::chrono::nanoseconds>(kLateWait, options.longest_wait)),
      now_(now),
      decided_(options.longest_wait) {}

bool TailDecision::is_reason_to_keep(const EndedSpan& span) const noexcept {
  return span.flags.sampled() || (options_.keep_failed && span.status == SpanStatus::kError) ||
         (options_.keep_slower_than.count() > 0 && span.duration() >= options_.keep_slower_than);
}

void TailDecision::root_began(const TraceId& id) noexcept {
  Trace* trace = find(id);
  if (trace == nullptr) {
    trace = add(id, waiting_, decided_.find(id, now_).value_or(false));
  } else if (trace->queue == &late_) {
    wait_for_root(*trace);
  }
  if (trace != nullptr) ++trace->open_roots;
}

void TailDecision::consume(const EndedSpan& span, Output keep) noexcept {
  const bool is_reason = is_reason_to_keep(span);
  Trace* trace = find(span.trace_id);
  if (trace == nullptr) {
    const std::optional<bool> decided = decided_.find(span.trace_id, now_);
    const bool is_kept = is_reason || decided == true;
    if (is_kept && (span.is_local_root || decided == true)) {
      if (decided != true) {
        ++counts_.traces_kept;
        decided_.put(span.trace_id, true, now_);
      }
      ++counts_.spans_kept;
      return keep(span);
    }
    trace = add(span.trace_id, decided == false ? late_ : waiting_, false);
    if (trace == nullptr) {
      ++(is_kept ? counts_.spans_kept : counts_.spans_dropped);
      if (is_kept) keep(span);
      return;
    }
  }

  if (is_reason && !trace->kept) keep_held(*trace, span.resource, keep);
  if (trace->kept) {
    ++counts_.spans_kept;
    keep(span);
  } else if (!hold(*trace, span)) {
    return;
  }
  if (span.is_local_root) end_root(*trace);
}

void TailDecision::keep_held(Trace& trace, const Resource& resource, Output keep) noexcept {
  trace.kept = true;
  ++counts_.traces_kept;
  counts_.spans_kept += trace.spans.size();
  trace.spans.for_each(*trace.id, resource, keep);
  counts_.bytes_held -= trace.spans.bytes();
  trace.spans.clear();
  if (trace.queue == &late_) wait_for_root(trace);
}

bool TailDecision::hold(Trace& trace, const EndedSpan& span) noexcept {
  const HeldSpans::Place place = trace.spans.place_for(span);
  const std::size_t mine = kTraceBytes + trace.spans.bytes() + place.growth;
  if (mine > options_.memory_limit) decide_as_it_stands(trace);
  if (mine > options_.memory_limit || !make_room(place.growth, &trace)) {
    ++counts_.spans_dropped;
    return false;
  }
  if (trace.spans.append(span, place)) {
    counts_.bytes_held += place.growth;
  } else {
    ++counts_.spans_dropped;
  }
  return true;
}

void TailDecision::end_root(Trace& trace) noexcept {
  if (trace.open_roots > 0) --trace.open_roots;
  if (trace.open_roots > 0) return;
  if (!trace.kept) {
    ++counts_.traces_dropped;
    counts_.spans_dropped += trace.spans.size();
  }
  remove(trace);
}

void TailDecision::wait_for_root(Trace& trace) noexcept {
  trace.queue->remove(trace);
  trace.since = now_;
  waiting_.add(trace);
}

void TailDecision::decide_as_it_stands(Trace& trace) noexcept {
  if (!trace.kept) {
    // What is late was decided before.
    if (trace.queue != &late_) {
      ++counts_.traces_dropped;
      ++counts_.decided_early;
    }
    counts_.spans_dropped += trace.spans.size();
  }
  remove(trace);
}

void TailDecision::remove(Trace& trace) noexcept {
  decided_.put(*trace.id, trace.kept, now_);
  trace.queue->remove(trace);
  counts_.bytes_held -= trace.spans.bytes() + kTraceBytes;
  if (last_found_ == &trace) last_found_ = nullptr;
  traces_.erase(traces_.find(*trace.id));
}

TailDecision::Trace* TailDecision::find(const TraceId& id) noexcept {
  if (last_found_ != nullptr && *last_found_->id == id) return last_found_;
  const auto found = traces_.find(id);
  if (found == traces_.end()) return nullptr;
  return last_found_ = &found->second;
}

TailDecision::Trace* TailDecision::add(const TraceId& id, Queue& queue, bool kept) noexcept {
  make_room(kTraceBytes, nullptr);
  try {
    const auto [place, added] = traces_.try_emplace(id);
    Trace& trace = place->second;
    trace.id = &place->first;
    trace.since = now_;
    trace.kept = kept;
    queue.add(trace);
    counts_.bytes_held += kTraceBytes;
    return last_found_ = &trace;
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

bool TailDecision::make_room(std::size_t bytes, const Trace* growing) noexcept {
  while (counts_.bytes_held + bytes > options_.memory_limit) {
    Trace* const oldest = late_.first != nullptr ? late_.first : waiting_.first;
    const bool is_growing = oldest == growing;
    decide_as_it_stands(*oldest);
    if (is_growing) return false;
  }
  return true;
}

void TailDecision::tick(Clock::time_point now) noexcept {
  now_ = std::max(now_, now);
  drop_older(late_, late_wait_);
  drop_older(waiting_, options_.longest_wait);
}

void TailDecision::drop_older(Queue& queue, std::chrono::nanoseconds than) noexcept {
  while (queue.first != nullptr && now_ - queue.first->since >= than) {
    decide_as_it_stands(*queue.first);
  }
}

void TailDecision::decide_all() noexcept {
  for (Queue* queue : {&late_, &waiting_}) {
    while (queue->first != nullptr) decide_as_it_stands(*queue->first);
  }
}

void TailDecision::forget() noexcept {
  traces_.clear();
  waiting_ = late_ = {};
  last_found_ = nullptr;
  decided_.clear();
  counts_.bytes_held = 0;
}

}  // namespace waybill::internal
