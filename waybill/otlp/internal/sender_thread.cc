// What a sender does on its thread.
#include <algorithm>

#include <pthread.h>

#include <waybill/otlp/internal/sender.h>
#include <waybill/pipeline/consumer.h>
#include <waybill/pipeline/host_signals.h>

namespace waybill::internal {
namespace {

// How often a spool is looked at for files of other processes.
constexpr std::chrono::seconds kLookInterval{5};
// How long the spool is left alone after a file could not be written.
constexpr std::chrono::seconds kSpoolPause{5};
// For how long what an exporter that was replaced has left is tried to be sent.
constexpr std::chrono::seconds kLongestClosing{60};

}  // namespace

void Sender::ensure_running() noexcept {
  if (outbox_->running.exchange(true)) return;
  const auto body = [](void* argument) -> void* {
    const std::unique_ptr<std::shared_ptr<Sender>> owner(
        static_cast<std::shared_ptr<Sender>*>(argument));
    (*owner)->run();
    return nullptr;
  };
  bool started = false;
  try {
    auto owner = std::make_unique<std::shared_ptr<Sender>>(shared_from_this());
    pthread_t thread;
    const detail::WithoutHostSignals none;
    started = pthread_create(&thread, nullptr, body, owner.get()) == 0;
    if (started) {
      static_cast<void>(owner.release());
      pthread_setname_np(thread, "waybill-otlp");
      pthread_detach(thread);
    }
  } catch (...) {
  }
  if (!started) outbox_->running = false;  // the next request tries again
}

void Sender::run() noexcept {
  Outbox& outbox = *outbox_;
  while (!outbox.ended) {
    if (may_leave(clock_.now())) {
      if (work_->spool != nullptr) work_->spool->release();
      outbox.running = false;
      outbox.done.signal();
      return detail::remove_delivery(*this);
    }
    step();
  }
  outbox.running = false;
  outbox.done.signal();
}

bool Sender::may_leave(Time now) noexcept {
  if (!outbox_->closing) return false;
  if (!work_->in_flight && outbox_->is_empty()) return true;
  if (!work_->closing_until) work_->closing_until = now + kLongestClosing;
  if (now < *work_->closing_until) return false;
  drop_or_spool_rest();
  return true;
}

// Does one thing, or waits until there may be something to do.
void Sender::step() noexcept {
  const std::uint32_t seen = outbox_->work.value();
  const Time now = clock_.now();
  Work& work = *work_;
  if (outbox_->hurry.exchange(false) && !work.is_throttled) {
    work.next_try = std::min(work.next_try, now);
  }
  if (should_spill(now)) spill(now);
  const bool is_time = now >= work.next_try;
  if (is_time && attempt(now)) return;
  Time until = Time::max();
  if (work.spool != nullptr) until = std::max(work.next_look, work.next_try);
  const bool is_waiting = work.in_flight || work.has_backlog || !outbox_->is_empty();
  if (!is_time && is_waiting) until = std::min(until, work.next_try);
  if (work.closing_until) until = std::min(until, *work.closing_until);
  clock_.wait(outbox_->work, seen, until);
}

// False: there is nothing to be sent.
bool Sender::attempt(Time now) noexcept {
  const bool may_have_files =
      work_->spool != nullptr && (work_->has_backlog || now >= work_->next_look);
  return (may_have_files && attempt_spooled(now)) || attempt_queued();
}

bool Sender::attempt_spooled(Time now) noexcept {
  Work& work = *work_;
  SpooledBatch batch;
  work.next_look = now + kLookInterval;
  work.has_backlog = work.spool->acquire();
  if (!work.has_backlog) {  // another process sends what is there, and finds out for itself
    work.is_down = false;
    return false;
  }
  work.has_backlog = work.spool->next(work.spooled_request, batch);
  if (!work.has_backlog) {
    work.spool->release();
    return false;
  }
  add_to(counters_.retries, work.is_down ? 1 : 0);
  const Answer answer = transport_->send(work.spooled_request.view(), batch.encoding);
  if (settle(answer, batch.records, work.spooled_request.size())) {
    work.spool->remove_next();
  } else {
    work.spool->release();
  }
  return true;
}

bool Sender::attempt_queued() noexcept {
  Work& work = *work_;
  if (!work.in_flight) work.in_flight = outbox_->take();
  if (!work.in_flight) return false;
  Batch& batch = *work.in_flight;
  add_to(counters_.retries, work.is_down ? 1 : 0);
  const Answer answer = transport_->send(batch.request.view(), encoding_);
  if (!settle(answer, batch.records, batch.request.size())) {
    const auto limit = options_.retry.give_up_after;
    if (limit.count() == 0 || clock_.now() - batch.handed_over < limit) return true;
    lose(counters_.gave_up, batch.records);
  }
  outbox_->settled(std::move(batch));
  work.in_flight.reset();
  return true;
}

// Whether there is nothing more to be done for the batch.
bool Sender::settle(const Answer& answer, std::uint32_t records, std::size_t bytes) noexcept {
  if (answer.outcome == Outcome::kAborted) return false;
  const Time now = clock_.now();
  if (answer.outcome == Outcome::kDelivered) {
    count_delivered(answer, records, bytes, now);
  } else {
    add_to(counters_.failures, 1);
    detail::count_sink({.failures = 1});
    if (answer.outcome == Outcome::kRefused) lose(counters_.refused, records);
    work_->report.failed(answer.reason, lost(), now);
    if (answer.outcome == Outcome::kRetry) {
      try_later(answer, now);
      return false;
    }
  }
  // The collector is there, whatever it thinks of the request.
  work_->backoff.reset();
  work_->is_down = false;
  work_->is_throttled = false;
  work_->next_try = now;
  return true;
}

void Sender::count_delivered(const Answer& answer, std::uint32_t records, std::size_t bytes,
                             Time now) noexcept {
  const std::uint64_t rejected = std::min<std::uint64_t>(answer.partial.rejected, records);
  add_to(counters_.exported, records - rejected);
  add_to(counters_.requests, 1);
  add_to(counters_.bytes, bytes);
  detail::count_sink({.bytes = bytes});
  if (rejected != 0) lose(counters_.rejected, rejected);
  work_->report.delivered(lost());
  if (rejected != 0 || !answer.partial.message.empty()) {
    work_->report.partly_taken(rejected, answer.partial.message, now);
  }
}

void Sender::try_later(const Answer& answer, Time now) noexcept {
  work_->is_down = true;
  const auto wish = answer.retry_after.value_or(std::chrono::nanoseconds::zero());
  work_->is_throttled = wish > std::chrono::nanoseconds::zero();
  work_->next_try = now + std::max(wish, work_->backoff.next(random_bits()));
}

// While the collector is down; and while files are sent that come before, if somebody waits or
// memory is getting scarce.
bool Sender::should_spill(Time now) noexcept {
  const Work& work = *work_;
  if (work.spool == nullptr || now < work.next_spool_write) return false;
  return work.is_down ||
         (work.spool->is_acquired() && (outbox_->waiters != 0 || outbox_->is_half_full()));
}

void Sender::spill(Time now) noexcept {
  Work& work = *work_;
  while (!outbox_->ended) {
    if (!work.in_flight) work.in_flight = outbox_->take();
    if (!work.in_flight) return;
    Batch& batch = *work.in_flight;
    if (!work.spool->fits(batch.request.size())) {
      lose(counters_.spool_full, batch.records);
    } else if (work.spool->write(batch.request.view(),
                                 {.records = batch.records, .encoding = encoding_})) {
      work.has_backlog = true;
    } else {
      work.next_spool_write = now + kSpoolPause;
      return;
    }
    outbox_->settled(std::move(batch));
    work.in_flight.reset();
  }
}

}  // namespace waybill::internal
