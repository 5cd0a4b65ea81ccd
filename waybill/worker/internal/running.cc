#include <algorithm>
#include <utility>

#include <waybill/async/spawn.h>
#include <waybill/core/error.h>
#include <waybill/core/scope.h>
#include <waybill/trace/tracing.h>
#include <waybill/worker/internal/callbacks.h>
#include <waybill/worker/internal/groups.h>
#include <waybill/worker/internal/running.h>

namespace waybill::worker::internal {

using Clock = JobInHand::Clock;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

// How long a call waits for messages, and so how late a stop may be noticed.
constexpr milliseconds kReceiveWait{100};
constexpr milliseconds kPauseAfterFailure{1'000};
constexpr std::size_t kMostReceived = 256;

// A job is delivered again also when it has not failed: its worker was ended or taken down by
// another job, or its ack was lost. Beyond this many times it is the one that takes workers down.
std::uint64_t most_deliveries(std::uint32_t max_attempts) noexcept {
  return 2 * std::uint64_t{max_attempts} + 1;
}

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

}  // namespace

Running::Running(TaskManager tasks, Registry registry, WorkerOptions options)
    : tasks_(std::move(tasks)),
      registry_(std::move(registry)),
      options_(std::move(options)),
      most_in_hand_(options_.in_hand != 0 ? options_.in_hand : 4 * options_.concurrency),
      heartbeats_(options_.visibility_timeout),
      acks_(tasks_.queue(),
            [this](std::size_t acked, std::size_t lost) { this->acked(acked, lost); }),
      pool_({.threads = options_.concurrency, .name = "waybill-worker", .max_pending = 0}) {
  add_callback_task(registry_, options_.callbacks);
}

class Running::EndOfExecution {
 public:
  explicit EndOfExecution(Running& running) noexcept : running_(running) {}
  EndOfExecution(const EndOfExecution&) = delete;
  EndOfExecution& operator=(const EndOfExecution&) = delete;
  ~EndOfExecution() {
    const std::lock_guard lock(running_.mutex_);
    --running_.executing_;
    running_.changed_.notify_all();
  }

 private:
  Running& running_;
};

Running::~Running() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return executing_ == 0; });
}

void Running::run() {
  heartbeats_.begin();
  acks_.begin();
  log_.info({{"action", "start"}}, "waiting for jobs");
  while (const std::size_t room = wait_for_room()) receive(room);
  drain();
  acks_.end();
  heartbeats_.end();
  log_.info({{"action", "stop"}}, "stopped");
}

void Running::stop() noexcept {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

// 0: stop.
std::size_t Running::wait_for_room() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || in_hand_ < most_in_hand_; });
  return stopping_ ? 0 : std::min(kMostReceived, most_in_hand_ - in_hand_);
}

void Running::receive(std::size_t max) {
  std::vector<queue::Delivery> deliveries;
  try {
    deliveries = tasks_.queue()->receive(max, kReceiveWait);
    if (std::exchange(cannot_receive_, false)) {
      log_.info({{"action", "receive"}}, "jobs are received again");
    }
  } catch (const std::exception& error) {
    if (!std::exchange(cannot_receive_, true)) {
      log_.error({{"action", "receive"}}, "no jobs can be received, trying again: {}", error);
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kPauseAfterFailure, [this] { return stopping_; });
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    in_hand_ += deliveries.size();
  }
  for (queue::Delivery& delivery : deliveries) {
    try {
      begin(std::move(delivery));
    } catch (const std::exception& error) {  // no memory: it comes back
      log_.error({{"action", "receive"}}, "a job could not be begun: {}", error);
      leave(1);
    }
  }
}

void Running::begin(queue::Delivery delivery) {
  ReceivedJob received = read_job(delivery.body(), envelopes_);
  Context creator = received.context.empty() ? delivery.context() : received.context;
  if (!received.job) return refuse(delivery, creator, received.error);
  // A foreign job without a trace is known by its id, so that all of its attempts are of one.
  if (!creator.has_trace() && tasks_.options().propagate) {
    creator = Context::new_trace({.name = received.job->id, .baggage = creator.baggage()})
                  .with(creator.fields());
  }
  const auto job = std::make_shared<JobInHand>(std::move(delivery));
  job->job = *std::move(received.job);
  job->task = registry_.find(job->job.task);
  if (job->task != nullptr) {
    const TaskOptions& options = job->task->options;
    job->max_attempts = job->job.max_attempts.value_or(options.retry.max_attempts);
    job->time_limit = job->job.time_limit.value_or(options.time_limit);
  }
  begin_attempt(*job, creator, options_, tasks_.options(), failed_attempts_);
  job->execution.emplace(job->job, job->delivery.attempt(), job->max_attempts, tasks_,
                         job->stop.get_token());
  heartbeats_.add(job);
  try {
    start(job);
  } catch (...) {
    heartbeats_.remove(job);
    throw;
  }
}

// Hands it to the pool, one of whose threads ends it.
void Running::start(const JobPointer& job) {
  {
    const std::lock_guard lock(mutex_);
    ++executing_;
  }
  const Scope scope{job->context};
  try {
    if (job->task != nullptr && std::holds_alternative<Task::Coroutine>(job->task->execute)) {
      spawn(pool_, execute_coroutine(job), job->stop.get_token());
    } else {
      pool_.post([this, job] { execute(job); });
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    --executing_;
    throw;
  }
}

void Running::refuse(queue::Delivery& delivery, const Context& context, const std::string& reason) {
  {
    const Scope scope{context.child()};
    log_.error({{"action", "dead-letter"}, {"reason", reason}, {"message_id", delivery.id()}},
               "not a job: {}", reason);
  }
  delivery.dead_letter(reason);
  gave_up_.fetch_add(1, std::memory_order_relaxed);
  leave(1);
}

void Running::execute(const JobPointer& job) {
  const EndOfExecution at_end(*this);
  if (!begin_execution(job)) return;
  std::exception_ptr error;
  json result;
  try {
    result = std::get<Task::Function>(job->task->execute)(job->job.payload, *job->execution);
  } catch (...) {
    error = std::current_exception();
  }
  end(job, std::move(error), std::move(result));
}

task<void> Running::execute_coroutine(JobPointer job) {
  const EndOfExecution at_end(*this);
  if (!begin_execution(job)) co_return;
  std::exception_ptr error;
  json result;
  try {
    result =
        co_await std::get<Task::Coroutine>(job->task->execute)(job->job.payload, *job->execution);
  } catch (...) {
    error = std::current_exception();
  }
  co_await pool_.schedule();  // wherever it has ended
  end(job, std::move(error), std::move(result));
}

// Whether it is to be executed at all.
bool Running::begin_execution(const JobPointer& job) {
  if (is_handed_back(job, false)) return false;
  if (job->asked_to_hand_back.load(std::memory_order_relaxed)) {
    end(job, {.kind = Outcome::Kind::kHandBack});
    return false;
  }
  job->begun = Clock::now();
  const std::uint32_t attempt = job->delivery.attempt();
  if (job->task == nullptr) {
    end(job, {.kind = Outcome::Kind::kGiveUp,
              .reason = "no task of this name is registered: " + job->job.task});
    return false;
  }
  if (attempt > most_deliveries(job->max_attempts)) {
    end(job, {.kind = Outcome::Kind::kGiveUp, .reason = "never came to an end"});
    return false;
  }
  if (job->time_limit.count() != 0) {
    job->limit.store(job->begun + job->time_limit, std::memory_order_relaxed);
  }
  log_.info({{"action", "begin"}, {"worker", options_.name}}, "attempt {} of {}", attempt,
            job->max_attempts);
  return true;
}

void Running::end(const JobPointer& job, std::exception_ptr error, json result) {
  if (error != nullptr) return end(job, outcome_of(std::move(error), *job));
  end(job, {.kind = Outcome::Kind::kSuccess, .result = std::move(result)});
}

// Under the attempt's context, whatever the task has left.
void Running::end(const JobPointer& job, Outcome outcome) {
  const Scope scope{job->context};
  job->limit.store(Clock::time_point::max(), std::memory_order_relaxed);
  if (is_handed_back(job, true)) return;
  if (outcome.error != nullptr) job->span.record_exception(outcome.error);
  if (!outcome.reason.empty()) job->span.set_error(outcome.reason);
  if (outcome.kind == Outcome::Kind::kRetry && is_tracing()) {
    failed_attempts_.add(job->job.id, job->context);
  }
  const bool is_told = tell(*job, outcome);
  const bool succeeds = is_told && outcome.kind == Outcome::Kind::kSuccess;
  job->span.end();  // before another worker can begin the next attempt
  if (is_told) settle(job, outcome);
  heartbeats_.remove(job);
  if (!succeeds) leave(1);
}

// Then nothing is left to do. One that is ending is not, from here on.
bool Running::is_handed_back(const JobPointer& job, bool is_ending) {
  {
    const std::lock_guard lock(job->mutex);
    job->ending |= is_ending;
    if (!job->settled) return false;
  }
  heartbeats_.remove(job);
  job->span.end();
  leave(1);
  return true;
}

// Creates what follows. False: that cannot be done now, and the job is to come back; where it has
// come often enough, it is given up.
bool Running::tell(const JobInHand& job, Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::kHandBack) return true;
  try {
    arrive_at_group(tasks_, job, outcome);
    create_callback(tasks_, job, outcome);
    return true;
  } catch (const std::exception& error) {
    const bool is_last = job.delivery.attempt() >= job.max_attempts;
    log_.error({{"action", "settle"}}, "what follows could not be created: {}; the job {}", error,
               is_last ? "is given up" : "comes back");
    if (!is_last) return false;
    outcome = {.kind = Outcome::Kind::kGiveUp,
               .reason = std::string("what follows could not be created: ") + error.what()};
    return true;
  }
}

void Running::settle(const JobPointer& job, const Outcome& outcome) {
  std::unique_lock lock(job->mutex);
  job->settled = true;
  const double duration = milliseconds_since(job->begun);
  switch (outcome.kind) {
    case Outcome::Kind::kSuccess:
      lock.unlock();
      log_.info({{"action", "done"}, {"duration_ms", duration}}, "done");
      return acks_.add(std::move(job->delivery));
    case Outcome::Kind::kRetry:
      log_.warn(
          {{"action", "retry"}, {"delay_ms", outcome.delay.count()}, {"duration_ms", duration}},
          "failed, trying again: {}", outcome.error);
      failed_.fetch_add(1, std::memory_order_relaxed);
      if (!job->delivery.retry(outcome.delay)) count_lost(1);
      return;
    case Outcome::Kind::kHandBack:
      if (outcome.error != nullptr) {
        log_.warn({{"action", "hand-back"}, {"duration_ms", duration}}, "stopped, handed back: {}",
                  outcome.error);
      } else {
        log_.info({{"action", "hand-back"}}, "not begun, handed back");
      }
      handed_back_.fetch_add(1, std::memory_order_relaxed);
      if (!job->delivery.retry()) count_lost(1);
      return;
    case Outcome::Kind::kGiveUp:
      if (outcome.error != nullptr) {
        log_.error(
            {{"action", "dead-letter"}, {"reason", outcome.reason}, {"duration_ms", duration}},
            "given up: {}", outcome.error);
      } else {
        log_.error({{"action", "dead-letter"}, {"reason", outcome.reason}}, "given up: {}",
                   outcome.reason);
      }
      gave_up_.fetch_add(1, std::memory_order_relaxed);
      if (!job->delivery.dead_letter(outcome.reason)) count_lost(1);
      return;
  }
}

void Running::acked(std::size_t acked, std::size_t lost) noexcept {
  succeeded_.fetch_add(acked, std::memory_order_relaxed);
  if (lost != 0) count_lost(lost);
  leave(acked + lost);
}

void Running::count_lost(std::size_t jobs) {
  lost_.fetch_add(jobs, std::memory_order_relaxed);
  log_.warn({{"action", "settle"}, {"jobs", jobs}},
            "settled too late, or not at all: what was done will be done again");
}

void Running::leave(std::size_t jobs) {
  {
    const std::lock_guard lock(mutex_);
    in_hand_ -= jobs;
  }
  changed_.notify_all();
}

// Attempts in hand go on for a while; then they are asked to stop, and at last handed back.
void Running::drain() {
  const auto none_in_hand = [this] { return in_hand_ == 0; };
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, options_.stop_timeout, none_in_hand)) return;
  lock.unlock();
  for (const JobPointer& job : heartbeats_.all()) {
    job->asked_to_hand_back.store(true, std::memory_order_relaxed);
    job->stop.request_stop();
  }
  lock.lock();
  if (changed_.wait_for(lock, options_.stop_grace, none_in_hand)) return;
  lock.unlock();
  hand_back();
}

void Running::hand_back() {
  for (const JobPointer& job : heartbeats_.all()) {
    const std::lock_guard lock(job->mutex);
    if (job->ending || std::exchange(job->settled, true)) continue;
    const Scope scope{job->context};
    log_.warn({{"action", "hand-back"}}, "has not come to an end: handed back");
    if (job->delivery.retry()) handed_back_.fetch_add(1, std::memory_order_relaxed);
  }
}

Counts Running::counts() const noexcept {
  Counts counts{.succeeded = succeeded_.load(std::memory_order_relaxed),
                .failed = failed_.load(std::memory_order_relaxed),
                .gave_up = gave_up_.load(std::memory_order_relaxed),
                .handed_back = handed_back_.load(std::memory_order_relaxed),
                .lost = lost_.load(std::memory_order_relaxed)};
  const std::lock_guard lock(mutex_);
  counts.in_hand = in_hand_;
  return counts;
}

}  // namespace waybill::worker::internal
