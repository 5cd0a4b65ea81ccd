#include <utility>

#include <waybill/async/spawn.h>
#include <waybill/core/scope.h>
#include <waybill/propagation/envelope.h>
#include <waybill/trace/tracing.h>
#include <waybill/worker/internal/callbacks.h>
#include <waybill/worker/internal/groups.h>
#include <waybill/worker/internal/job_executor.h>

namespace waybill::worker::internal {

using Clock = JobInHand::Clock;

namespace {

// A job is delivered again also when it has not failed: its worker was ended or taken down by
// another job, or its ack was lost. Beyond this many times it is the one that takes workers down.
std::uint64_t most_deliveries(std::uint32_t max_attempts) noexcept {
  return 2 * std::uint64_t{max_attempts} + 1;
}

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

}  // namespace

class JobExecutor::Executing {
 public:
  explicit Executing(JobExecutor& executor) noexcept : executor_(&executor) {
    executor.executing_.fetch_add(1, std::memory_order_relaxed);
  }
  Executing(Executing&& other) noexcept : executor_(std::exchange(other.executor_, nullptr)) {}
  Executing& operator=(Executing&&) = delete;
  ~Executing() {
    if (executor_ == nullptr) return;
    auto& executing = executor_->executing_;
    if (executing.fetch_sub(1, std::memory_order_acq_rel) == 1) executing.notify_all();
  }

 private:
  JobExecutor* executor_;
};

JobExecutor::JobExecutor(TaskManager tasks, Registry registry, const WorkerOptions& options,
                         std::size_t acked_together, Left left)
    : tasks_(std::move(tasks)),
      registry_(std::move(registry)),
      options_(options),
      left_(std::move(left)),
      heartbeats_(options.visibility_timeout),
      acks_(tasks_.queue(), acked_together,
            [this](std::size_t acked, std::size_t lost) {
              succeeded_.fetch_add(acked, std::memory_order_relaxed);
              if (lost != 0) count_lost(lost);
              left_(acked + lost);
            }),
      pool_({.threads = options.concurrency, .name = "waybill-worker", .max_pending = 0}) {
  add_callback_task(registry_, options.callbacks);
}

JobExecutor::~JobExecutor() {
  for (;;) {
    const std::size_t executing = executing_.load(std::memory_order_acquire);
    if (executing == 0) return;
    executing_.wait(executing, std::memory_order_acquire);
  }
}

void JobExecutor::begin() {
  heartbeats_.begin();
  acks_.begin();
}

void JobExecutor::end() noexcept {
  acks_.end();
  heartbeats_.end();
}

void JobExecutor::add(queue::Delivery delivery) {
  const auto job = std::make_shared<JobInHand>(std::move(delivery));
  heartbeats_.add(job);
  try {
    pool_.post([this, job, executing = Executing(*this)] { execute(job); });
  } catch (...) {
    heartbeats_.remove(*job);
    throw;
  }
}

void JobExecutor::execute(const JobPointer& job) {
  try {
    if (!read(job)) return;
    const Scope scope{job->context};
    if (job->task != nullptr && std::holds_alternative<Task::Coroutine>(job->task->execute)) {
      spawn(pool_, execute_coroutine(job, Executing(*this)), job->stop.get_token());
      return;
    }
  } catch (const std::exception& error) {  // no memory: it comes back
    log_.error({{"action", "begin"}}, "a job could not be begun: {}", error);
    return leave(job);
  }
  const Scope scope{job->context};
  if (!begin(job)) return;
  std::exception_ptr error;
  json result;
  try {
    result = std::get<Task::Function>(job->task->execute)(job->job.payload, *job->execution);
  } catch (...) {
    error = std::current_exception();
  }
  end(job, std::move(error), std::move(result));
}

task<void> JobExecutor::execute_coroutine(JobPointer job, Executing executing) {
  const Executing until_then = std::move(executing);
  if (!begin(job)) co_return;
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

std::string JobExecutor::prepare(JobInHand& job) {
  // What the thread has read last is likely what comes next.
  thread_local EnvelopeReader envelopes;
  ReceivedJob received = read_job(job.delivery.body(), envelopes);
  Context creator = received.context.empty() ? job.delivery.context() : received.context;
  if (!received.job) {
    job.context = creator.child();
    return std::move(received.error);
  }
  // A foreign job without a trace is known by its id, so that all of its attempts are of one.
  if (!creator.has_trace() && tasks_.options().propagate) {
    creator = Context::new_trace({.name = received.job->id, .baggage = creator.baggage()})
                  .with(creator.fields());
  }
  job.job = *std::move(received.job);
  job.task = registry_.find(job.job.task);
  if (job.task != nullptr) {
    const TaskOptions& options = job.task->options;
    job.max_attempts = job.job.max_attempts.value_or(options.retry.max_attempts);
    job.time_limit = job.job.time_limit.value_or(options.time_limit);
  }
  begin_attempt(job, creator, options_, tasks_.options(), failed_attempts_);
  job.execution.emplace(job.job, job.delivery.attempt(), job.max_attempts, tasks_,
                        job.stop.get_token());
  return {};
}

// False: it is no job, or handed back already.
bool JobExecutor::read(const JobPointer& job) {
  std::string error;
  {
    const std::lock_guard lock(job->mutex);
    if (!job->settled) {
      error = prepare(*job);
      if (error.empty()) return true;
      job->settled = true;  // from here on it is this thread's alone
    }
  }
  if (!error.empty()) refuse(*job, error);
  leave(job);
  return false;
}

// Whether it is to be executed at all, once there is a thread for it.
bool JobExecutor::begin(const JobPointer& job) {
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
    job->limit.store(job->begun + job->time_limit, std::memory_order_release);
  }
  log_.info({{"action", "begin"}, {"worker", options_.name}}, "attempt {} of {}", attempt,
            job->max_attempts);
  return true;
}

void JobExecutor::end(const JobPointer& job, std::exception_ptr error, json result) {
  if (error != nullptr) return end(job, outcome_of(std::move(error), *job));
  end(job, {.kind = Outcome::Kind::kSuccess, .result = std::move(result)});
}

// Under the attempt's context, whatever the task has left.
void JobExecutor::end(const JobPointer& job, Outcome outcome) {
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
  heartbeats_.remove(*job);
  if (!succeeds) left_(1);
}

// Then nothing is left to do. One that is ending is not, from here on.
bool JobExecutor::is_handed_back(const JobPointer& job, bool is_ending) {
  {
    const std::lock_guard lock(job->mutex);
    job->ending |= is_ending;
    if (!job->settled) return false;
  }
  job->span.end();
  leave(job);
  return true;
}

// Creates what follows. False: that cannot be done now, and the job is to come back; where it has
// come often enough, it is given up.
bool JobExecutor::tell(const JobInHand& job, Outcome& outcome) {
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

// What is no job.
void JobExecutor::refuse(JobInHand& job, const std::string& reason) {
  const Scope scope{job.context};
  log_.error({{"action", "dead-letter"}, {"reason", reason}, {"message_id", job.delivery.id()}},
             "not a job: {}", reason);
  bury(job, reason);
}

void JobExecutor::bury(JobInHand& job, const std::string& reason) {
  if (!job.delivery.dead_letter(reason)) return count_lost(1);
  gave_up_.fetch_add(1, std::memory_order_relaxed);
}

void JobExecutor::settle(const JobPointer& job, const Outcome& outcome) {
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
      return bury(*job, outcome.reason);
  }
}

void JobExecutor::leave(const JobPointer& job) {
  heartbeats_.remove(*job);
  left_(1);
}

void JobExecutor::count_lost(std::size_t jobs) {
  lost_.fetch_add(jobs, std::memory_order_relaxed);
  log_.warn({{"action", "settle"}, {"jobs", jobs}},
            "settled too late, or not at all: what was done will be done again");
}

void JobExecutor::ask_to_stop() {
  for (const JobPointer& job : heartbeats_.all()) {
    job->asked_to_hand_back.store(true, std::memory_order_relaxed);
    job->stop.request_stop();
  }
}

void JobExecutor::hand_back() {
  for (const JobPointer& job : heartbeats_.all()) {
    const std::lock_guard lock(job->mutex);
    if (job->ending || std::exchange(job->settled, true)) continue;
    try {
      if (!job->execution) prepare(*job);  // for what is logged
    } catch (const std::exception&) {      // no memory
    }
    const Scope scope{job->context};
    log_.warn({{"action", "hand-back"}}, "has not come to an end: handed back");
    if (job->delivery.retry()) handed_back_.fetch_add(1, std::memory_order_relaxed);
  }
}

Counts JobExecutor::counts() const noexcept {
  return {.succeeded = succeeded_.load(std::memory_order_relaxed),
          .failed = failed_.load(std::memory_order_relaxed),
          .gave_up = gave_up_.load(std::memory_order_relaxed),
          .handed_back = handed_back_.load(std::memory_order_relaxed),
          .lost = lost_.load(std::memory_order_relaxed)};
}

}  // namespace waybill::worker::internal
