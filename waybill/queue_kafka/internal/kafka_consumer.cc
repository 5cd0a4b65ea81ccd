#include <algorithm>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_consumer.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

// How soon the server tells that nothing follows.
constexpr milliseconds kFetchWait{100};
// Between attempts.
constexpr milliseconds kAgain{20};
constexpr int kLongestPoll = 1000;
// Of records, before calls are looked at again.
constexpr int kMostRead = 2000;

KafkaOptions options(const KafkaSettings& settings) {
  KafkaOptions all = reading_options(settings, kFetchWait);
  const auto session = std::chrono::milliseconds(kKafkaSessionTimeout).count();
  all.insert(all.end(), {{"partition.assignment.strategy", "cooperative-sticky"},
                         {"session.timeout.ms", std::to_string(session)},
                         {"heartbeat.interval.ms", "1000"},
                         {"queued.min.messages", "2000"}});
  return all;
}

std::chrono::steady_clock::time_point later(milliseconds wait) {
  return std::chrono::steady_clock::now() + wait;
}

}  // namespace

KafkaConsumer::KafkaConsumer(const KafkaSettings& settings, const KafkaTopics& topics,
                             KafkaProgress& progress)
    : settings_(settings),
      progress_(progress),
      places_(topics.flow(settings)),
      transactional_id_(settings.group() + "." + random_token()),
      flow_(settings_, topics),
      client_(settings_, RD_KAFKA_CONSUMER, options(settings_), this) {
  check_kafka(rd_kafka_poll_set_consumer(client_.get()));
  wake_.reset(rd_kafka_queue_get_consumer(client_.get()));
  const KafkaPlace topics_of_group[] = {{settings_.sent_topic(), RD_KAFKA_PARTITION_UA},
                                        {settings_.retry_topic(), RD_KAFKA_PARTITION_UA}};
  check_kafka(rd_kafka_subscribe(client_.get(), partitions_of(topics_of_group).get()));
  thread_ = std::thread([this] { run(); });
}

KafkaConsumer::~KafkaConsumer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    answered_.notify_all();
  }
  rd_kafka_queue_yield(wake_.get());
  thread_.join();
}

template <class OneCall>
bool KafkaConsumer::wait_for(Calls<OneCall>& calls, const std::shared_ptr<OneCall>& call,
                             Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  calls.push_back(call);
  rd_kafka_queue_yield(wake_.get());
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
  while (take_calls()) {
    serve();
    poll();
  }
  leave_group();
}

bool KafkaConsumer::take_calls() {
  const std::lock_guard lock(mutex_);
  const auto add = [](auto& calls, auto& new_calls) {
    std::ranges::move(new_calls, std::back_inserter(calls));
    new_calls.clear();
  };
  add(taking_, new_taking_);
  add(settling_, new_settling_);
  add(looking_, new_looking_);
  return !stopping_;
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

  if (!write_round()) {
    for (const auto& call : taken) call->taken.clear();
    for (const auto& call : settled) {
      if (is_over(*call)) {
        answer(*call);
      } else {
        settling_.push_back(call);
      }
    }
    again_at_ = later(kAgain);
  } else {
    for (const auto& call : settled) answer(*call);
    for (const auto& call : taken) answer(*call);
  }
  std::erase_if(taking_, [&](const auto& call) { return call->done || answer_if_empty(*call); });
}

bool KafkaConsumer::has_read_what_was_there() const {
  return has_joined_ && std::ranges::all_of(flow_.logs(), [](const auto& one) {
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
  const std::string refusal = client_.refusal();
  if (last_failure_) {
    call.failure = last_failure_;
  } else if (!refusal.empty()) {
    call.failure = KafkaFailure(RD_KAFKA_RESP_ERR__AUTHENTICATION, refusal);
  } else if (client_.all_down()) {
    // It may have come back since.
    std::int64_t low = 0;
    std::int64_t high = 0;
    const auto code =
        rd_kafka_query_watermark_offsets(client_.get(), places_.front().first.c_str(), 0, &low,
                                         &high, static_cast<int>(settings_.timeout.count()));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
      client_.forget_all_down();
    } else {
      call.failure = KafkaFailure(code);
    }
  }
  answer(call);
  return true;
}

bool KafkaConsumer::write_round() {
  const KafkaFlow::Round& round = flow_.round();
  if (round.before.empty()) {
    last_failure_.reset();
    return true;
  }
  const KafkaPartitions list(
      rd_kafka_topic_partition_list_new(static_cast<int>(round.before.size())));
  for (const auto& [log, window] : round.before) {
    constexpr std::size_t kMostMetadata = 4000;
    std::string text = log->window.encode();
    if (text.size() > kMostMetadata) text = log->window.encode(true);
    log->attempted = {log->window.base(), std::move(text)};
    rd_kafka_topic_partition_t* one =
        rd_kafka_topic_partition_list_add(list.get(), log->place.first.c_str(), log->place.second);
    one->offset = log->attempted.offset;
    one->metadata_size = log->attempted.metadata.size();
    one->metadata = malloc(one->metadata_size + 1);  // the list frees it
    std::copy_n(log->attempted.metadata.c_str(), one->metadata_size + 1,
                static_cast<char*>(one->metadata));
  }
  try {
    std::vector<std::int64_t> offsets;
    if (round.records.empty()) {
      commit(*list);
    } else {
      offsets = transact(*list);
    }
    for (const auto& [log, window] : round.before) log->confirmed = log->attempted;
    flow_.finish(offsets);
    last_failure_.reset();
    trim();
    return true;
  } catch (const KafkaFailure& failure) {
    last_failure_ = failure;
    flow_.undo();
    return false;
  }
}

// Of the whole state as it is to be, so that it may be repeated whatever became of it.
void KafkaConsumer::commit(const rd_kafka_topic_partition_list_t& offsets) {
  const KafkaEventQueue answers(rd_kafka_queue_new(client_.get()));
  check_kafka(rd_kafka_commit_queue(client_.get(), &offsets, answers.get(), nullptr, nullptr));
  const KafkaEvent answer(
      rd_kafka_queue_poll(answers.get(), static_cast<int>(settings_.timeout.count())));
  if (answer == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
  check_kafka(rd_kafka_event_error(answer.get()));
  const rd_kafka_topic_partition_list_t* list = rd_kafka_event_topic_partition_list(answer.get());
  for (int i = 0; list != nullptr && i < list->cnt; ++i) check_kafka(list->elems[i].err);
}

std::vector<std::int64_t> KafkaConsumer::transact(const rd_kafka_topic_partition_list_t& offsets) {
  const auto& records = flow_.round().records;
  const KafkaProducer::Offsets with{client_.get(), &offsets};
  try {
    if (producer_ == nullptr) {
      producer_ = std::make_unique<KafkaProducer>(settings_, transactional_id_);
    }
    std::vector<std::int64_t> written = producer_->commit(records, &with);
    progress_.wrote(records, written);
    return written;
  } catch (const KafkaFailure&) {
    if (producer_ == nullptr) throw;  // nothing was begun
    producer_.reset();
    if (!has_come_through()) throw;
    return std::vector<std::int64_t>(records.size(), -1);
  }
}

// Until it is known nothing else may be written: what is moved elsewhere must not be here as well.
bool KafkaConsumer::has_come_through() {
  const auto& before = flow_.round().before;
  std::vector<KafkaPlace> places;
  for (const auto& [log, window] : before) places.push_back(log->place);
  for (;;) {
    try {
      // Decides what was under way.
      producer_ = std::make_unique<KafkaProducer>(settings_, transactional_id_);
      const auto committed = committed_offsets(client_.get(), places, settings_.timeout);
      auto one = committed.begin();
      return std::ranges::all_of(before,
                                 [&](const auto& log) { return log.first->attempted == *one++; });
    } catch (const KafkaFailure&) {
      producer_.reset();
    }
    std::unique_lock lock(mutex_);
    if (answered_.wait_for(lock, kAgain, [this] { return stopping_; })) return false;
  }
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

void KafkaConsumer::poll() {
  hold_back();
  int wait = patience();
  for (int i = 0; i < kMostRead; ++i) {
    const std::unique_ptr<rd_kafka_message_t, KafkaFree> record(
        rd_kafka_consumer_poll(client_.get(), wait));
    if (record == nullptr) return;
    read(*record);
    wait = 0;
  }
}

void KafkaConsumer::read(const rd_kafka_message_t& record) {
  if (record.rkt == nullptr) return;  // an error of the whole client, told of elsewhere
  KafkaLog* log = flow_.find({rd_kafka_topic_name(record.rkt), record.partition});
  if (log == nullptr) return;
  if (record.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
    flow_.read_nothing_to(*log, record.offset);
  } else if (record.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    flow_.read(*log, record.offset, to_message(record, log->is_retry));
  }
}

// Memory is what is read ahead; what is to wait has to be known.
void KafkaConsumer::hold_back() {
  const KafkaLine& line = flow_.line();
  const bool is_full =
      line.ready().size() >= kKafkaMostAhead || line.ready_bytes() >= kKafkaMostBytesAhead;
  const bool has_room =
      line.ready().size() < kKafkaMostAhead / 2 && line.ready_bytes() < kKafkaMostBytesAhead / 2;
  if (is_paused_ && has_room) resume();
  if (is_paused_ || !is_full) return;
  rd_kafka_pause_partitions(client_.get(), sent_partitions(true).get());
  is_paused_ = true;
}

void KafkaConsumer::resume() {
  rd_kafka_resume_partitions(client_.get(), sent_partitions(false).get());
  is_paused_ = false;
}

KafkaPartitions KafkaConsumer::sent_partitions(bool are_paused) {
  std::vector<KafkaPlace> places;
  for (const auto& [place, log] : flow_.logs()) {
    if (log->is_retry) continue;
    log->paused = are_paused;
    places.push_back(place);
  }
  return partitions_of(places);
}

// What is settled, up to the group's offset, for nobody else to read.
void KafkaConsumer::trim() {
  constexpr std::chrono::seconds kEvery{60};
  if (!settings_.trim || Clock::now() < trimmed_at_ + kEvery) return;
  trimmed_at_ = Clock::now();
  const KafkaPartitions list(rd_kafka_topic_partition_list_new(1));
  for (const auto& [place, log] : flow_.logs()) {
    if (log->confirmed.offset <= 0) continue;
    rd_kafka_topic_partition_list_add(list.get(), place.first.c_str(), place.second)->offset =
        log->confirmed.offset;
  }
  const KafkaEventQueue answers(rd_kafka_queue_new(client_.get()));
  rd_kafka_DeleteRecords_t* wanted = rd_kafka_DeleteRecords_new(list.get());
  rd_kafka_DeleteRecords(client_.get(), &wanted, 1, nullptr, answers.get());
  rd_kafka_DeleteRecords_destroy(wanted);
}

void KafkaConsumer::rebalanced(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) {
  if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS && !is_leaving_) {
    assigned(list);
    return;
  }
  const bool is_lost = rd_kafka_assignment_lost(client_.get()) != 0;
  for (int i = 0; i < list.cnt; ++i) {
    flow_.stop({list.elems[i].topic, list.elems[i].partition}, is_lost);
  }
  if (rd_kafka_error_t* error = rd_kafka_incremental_unassign(client_.get(), &list)) {
    rd_kafka_error_destroy(error);
  }
}

void KafkaConsumer::assigned(rd_kafka_topic_partition_list_t& list) {
  std::vector<KafkaPlace> places;
  for (int i = 0; i < list.cnt; ++i) {
    places.emplace_back(list.elems[i].topic, list.elems[i].partition);
  }
  while (!places.empty()) {
    try {
      const auto committed = committed_offsets(client_.get(), places, settings_.timeout);
      for (std::size_t i = 0; i < places.size(); ++i) {
        std::int64_t first = 0;
        std::int64_t end = 0;
        check_kafka(rd_kafka_query_watermark_offsets(client_.get(), places[i].first.c_str(),
                                                     places[i].second, &first, &end,
                                                     static_cast<int>(settings_.timeout.count())));
        KafkaLog& log = flow_.start(places[i], committed[i]);
        log.caught_up_at = end;
        flow_.read_nothing_to(log, first);
        list.elems[i].offset = log.read_to;
      }
      break;
    } catch (const KafkaFailure&) {
      std::unique_lock lock(mutex_);
      if (answered_.wait_for(lock, kAgain, [this] { return stopping_; })) break;
    }
  }
  if (rd_kafka_error_t* error = rd_kafka_incremental_assign(client_.get(), &list)) {
    rd_kafka_error_destroy(error);
  }
  has_joined_ = true;
  // The library takes one that was paused when it went for paused when it comes back.
  rd_kafka_resume_partitions(client_.get(), &list);
  if (is_paused_) resume();
}

// As far as the server is there to be told; else it finds out when the session times out.
void KafkaConsumer::leave_group() {
  is_leaving_ = true;
  const Clock::time_point deadline =
      later(std::min<milliseconds>(settings_.timeout, milliseconds(2000)));
  const KafkaEventQueue events(rd_kafka_queue_new(client_.get()));
  if (rd_kafka_error_t* error = rd_kafka_consumer_close_queue(client_.get(), events.get())) {
    rd_kafka_error_destroy(error);
    return;
  }
  constexpr int kPatience = 20;
  while (rd_kafka_consumer_closed(client_.get()) == 0 && Clock::now() < deadline) {
    rd_kafka_queue_poll_callback(events.get(), kPatience);
  }
}

}  // namespace waybill::queue::internal
