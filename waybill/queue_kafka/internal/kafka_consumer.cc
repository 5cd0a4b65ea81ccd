#include <algorithm>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_consumer.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

constexpr int kLongestPoll = 1000;

std::chrono::steady_clock::time_point later(milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

}  // namespace

KafkaConsumer::KafkaConsumer(const KafkaSettings& settings, const KafkaTopics& topics,
                             KafkaProgress& progress)
    : settings_(settings),
      progress_(progress),
      places_(topics.flow(settings)),
      flow_(settings_, topics),
      member_(settings_, flow_, stop_),
      writer_(settings_, progress, flow_, member_.client(), stop_),
      thread_([this] { run(); }) {}

KafkaConsumer::~KafkaConsumer() {
  stop_.request();
  member_.wake();
  thread_.join();
}

template <class OneCall>
bool KafkaConsumer::wait_for(Calls<OneCall>& calls, const std::shared_ptr<OneCall>& call,
                             Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  calls.push_back(call);
  member_.wake();
  return answered_.wait_until(lock, deadline, [&] { return call->done; });
}

// The thread itself answers what takes too long; these deadlines are for when it is busy with a
// server that does not answer.
std::vector<KafkaTaken> KafkaConsumer::take(std::size_t max, milliseconds wait,
                                            milliseconds visibility) {
  const auto call = std::make_shared<Taking>();
  call->max = std::min(max, kKafkaMostTaken);
  call->until = later(wait);
  call->visibility = visibility;
  for (const KafkaPlace& place : places_) {
    if (const std::int64_t end = progress_.end_of(place); end > 0) {
      call->ends.emplace_back(place, end);
    }
  }
  if (!wait_for(new_taking_, call, later(wait + 3 * settings_.timeout))) {
    throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
  }
  if (call->failure) throw KafkaFailure(*call->failure);
  return std::move(call->taken);
}

std::vector<Settlement> KafkaConsumer::settle(std::vector<KafkaWish> wishes) {
  const auto call = std::make_shared<Settling>();
  const std::size_t count = wishes.size();
  call->wishes = std::move(wishes);
  std::vector<Settlement> outcomes(count, Settlement::kFailed);
  if (wait_for(new_settling_, call, later(2 * settings_.timeout))) {
    std::ranges::transform(call->wishes, outcomes.begin(), &KafkaWish::outcome);
  }
  return outcomes;
}

KafkaSnapshot KafkaConsumer::look() {
  const auto call = std::make_shared<Looking>();
  if (!wait_for(new_looking_, call, later(2 * settings_.timeout))) {
    throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
  }
  return std::move(call->snapshot);
}

void KafkaConsumer::answer(Call& call) {
  const std::lock_guard lock(mutex_);
  call.done = true;
  answered_.notify_all();
}

void KafkaConsumer::run() {
  while (!stop_.is_requested()) {
    take_calls();
    serve();
    member_.poll(patience());
  }
  member_.leave();
}

void KafkaConsumer::take_calls() {
  const std::lock_guard lock(mutex_);
  const auto add = [](auto& calls, auto& new_calls) {
    std::ranges::move(new_calls, std::back_inserter(calls));
    new_calls.clear();
  };
  add(taking_, new_taking_);
  add(settling_, new_settling_);
  add(looking_, new_looking_);
}

void KafkaConsumer::serve() {
  if (may_promote()) flow_.line().promote(now());
  for (const auto& call : looking_) {
    call->snapshot = flow_.snapshot();
    answer(*call);
  }
  looking_.clear();
  if (again_at_ && Clock::now() < *again_at_) return;
  again_at_.reset();

  const Time time = now();
  Calls<Settling> settled;
  Calls<Taking> taken;
  std::erase_if(settling_, [&](const auto& call) {
    bool is_ours = true;
    for (KafkaWish& wish : call->wishes) {
      // Those that wait until their partition is ours again are asked for anew; the others are not.
      if (wish.outcome == Settlement::kFailed) is_ours = flow_.wish(wish, time) && is_ours;
    }
    if (is_ours || is_over(*call)) settled.push_back(call);
    return is_ours || is_over(*call);
  });
  for (const auto& call : taking_) {
    if (flow_.line().ready().size() < call->max && !is_caught_up(*call)) continue;
    call->taken = flow_.choose(call->max, time, call->visibility);
    if (!call->taken.empty()) taken.push_back(call);
  }
  flow_.carry_forward();

  last_failure_ = writer_.write();
  if (last_failure_) {
    for (const auto& call : taken) call->taken.clear();
    for (const auto& call : settled) {
      if (is_over(*call)) {
        answer(*call);
      } else {
        settling_.push_back(call);
      }
    }
    again_at_ = later(kKafkaAgain);
  } else {
    for (const auto& call : settled) answer(*call);
    for (const auto& call : taken) answer(*call);
  }
  std::erase_if(taking_, [&](const auto& call) { return call->done || answer_if_empty(*call); });
}

bool KafkaConsumer::has_read_what_was_there() const {
  return member_.has_joined() && std::ranges::all_of(flow_.logs(), [](const auto& one) {
           return one.second->paused || one.second->read_to >= one.second->caught_up_at;
         });
}

// What has been due for long would get ahead of what has not been read yet.
bool KafkaConsumer::may_promote() const {
  return has_read_what_was_there() ||
         std::ranges::any_of(taking_, [&](const auto& call) { return is_over(*call); });
}

bool KafkaConsumer::is_caught_up(const Taking& call) const {
  if (is_over(call)) return true;
  if (!has_read_what_was_there()) return false;
  return std::ranges::all_of(call.ends, [&](const auto& end) {
    const auto found = flow_.logs().find(end.first);
    return found == flow_.logs().end() || found->second->paused ||
           found->second->read_to >= end.second;
  });
}

bool KafkaConsumer::answer_if_empty(Taking& call) {
  if (Clock::now() < call.until) return false;
  const bool is_late = is_over(call);
  if (!is_late && (!is_caught_up(call) || last_failure_)) return false;
  KafkaClient& client = member_.client();
  const std::string refusal = client.refusal();
  if (last_failure_) {
    call.failure = last_failure_;
  } else if (!refusal.empty()) {
    call.failure = KafkaFailure(RD_KAFKA_RESP_ERR__AUTHENTICATION, refusal);
  } else if (client.all_down()) {
    // It may have come back since.
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto code =
        rd_kafka_query_watermark_offsets(client.get(), places_.front().first.c_str(), 0, &low,
                                         &high, static_cast<int>(settings_.timeout.count()));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      client.forget_all_down();
    } else {
      call.failure = KafkaFailure(code);
    }
  }
  answer(call);
  return true;
}

int KafkaConsumer::patience() const {
  Clock::time_point until = later(milliseconds(kLongestPoll));
  if (again_at_) until = std::min(until, *again_at_);
  for (const auto& call : taking_) {
    // Who is late already is waited for by what comes in.
    const auto at = call->until > Clock::now() ? call->until : call->since + settings_.timeout;
    until = std::min(until, at);
  }
  for (const auto& call : settling_) until = std::min(until, call->since + settings_.timeout);
  auto wait = std::chrono::ceil<milliseconds>(until - Clock::now());
  const Time time = now();
  if (may_promote() && flow_.line().next_due() < time + wait) {
    wait = flow_.line().next_due() - time;
  }
  return static_cast<int>(std::clamp<std::int64_t>(wait.count(), 0, kLongestPoll));
}

}  // namespace waybill::queue::internal
