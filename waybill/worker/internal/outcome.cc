#include <waybill/worker/internal/job_in_hand.h>
#include <waybill/worker/internal/outcome.h>

namespace waybill::worker::internal {
namespace {

struct Judgement {
  std::string reason;
  bool is_worth_it = true;
  std::optional<std::chrono::milliseconds> wish;
};

bool is_worth_it(const std::exception& error, const RetryPolicy& policy) noexcept {
  if (!policy.is_worth_it) return dynamic_cast<const PermanentError*>(&error) == nullptr;
  try {
    return policy.is_worth_it(error);
  } catch (...) {
    return true;
  }
}

Judgement judge(const std::exception_ptr& error, const RetryPolicy& policy) {
  try {
    std::rethrow_exception(error);
  } catch (const RetryLater& later) {
    return {later.what(), true, later.delay()};
  } catch (const std::exception& known) {
    return {known.what(), is_worth_it(known, policy), std::nullopt};
  } catch (...) {
    return {"an exception that is no std::exception", true, std::nullopt};
  }
}

}  // namespace

Outcome outcome_of(std::exception_ptr error, const JobInHand& job) {
  const RetryPolicy& policy = job.task->options.retry;
  Judgement judgement = judge(error, policy);
  Outcome outcome{.kind = Outcome::Kind::kGiveUp,
                  .error = std::move(error),
                  .reason = std::move(judgement.reason)};
  if (job.timed_out.load(std::memory_order_relaxed)) {
    outcome.reason = "time limit of " + std::to_string(job.time_limit.count()) +
                     " ms has passed: " + outcome.reason;
  }
  const std::uint32_t attempt = job.delivery.attempt();
  // It was stopped, and has not failed by itself, as far as can be known.
  if (judgement.is_worth_it && job.asked_to_hand_back.load(std::memory_order_relaxed) &&
      !job.timed_out.load(std::memory_order_relaxed)) {
    outcome.kind = Outcome::Kind::kHandBack;
  } else if (judgement.is_worth_it && attempt < job.max_attempts) {
    outcome.kind = Outcome::Kind::kRetry;
    outcome.delay = judgement.wish.value_or(policy.delay_after(attempt));
  }
  return outcome;
}

}  // namespace waybill::worker::internal
