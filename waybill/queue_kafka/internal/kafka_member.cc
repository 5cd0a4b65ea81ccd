#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_member.h>

namespace waybill::queue::internal {

using std::chrono::milliseconds;

namespace {

// How soon the server tells that nothing follows.
constexpr milliseconds kFetchWait{100};
// Of records, before calls are looked at again.
constexpr int kMostRead = 2000;

KafkaOptions options(const KafkaSettings& settings) {
  KafkaOptions all = reading_options(settings, kFetchWait);
  const auto session = milliseconds(kKafkaSessionTimeout).count();
  all.insert(all.end(), {{"partition.assignment.strategy", "cooperative-sticky"},
                         {"session.timeout.ms", std::to_string(session)},
                         {"heartbeat.interval.ms", "1000"},
                         {"queued.min.messages", "2000"}});
  return all;
}

}  // namespace

KafkaMember::KafkaMember(const KafkaSettings& settings, KafkaFlow& flow, const KafkaStop& stop)
    : settings_(settings),
      flow_(flow),
      stop_(stop),
      client_(settings, RD_KAFKA_CONSUMER, options(settings), this) {
  check_kafka(rd_kafka_poll_set_consumer(client_.get()));
  events_.reset(rd_kafka_queue_get_consumer(client_.get()));
  const KafkaPlace topics[] = {{settings_.sent_topic(), RD_KAFKA_PARTITION_UA},
                               {settings_.retry_topic(), RD_KAFKA_PARTITION_UA}};
  check_kafka(rd_kafka_subscribe(client_.get(), partitions_of(topics).get()));
}

void KafkaMember::poll(int patience) {
  hold_back();
  for (int i = 0; i < kMostRead; ++i) {
    const std::unique_ptr<rd_kafka_message_t, KafkaFree> record(
        rd_kafka_consumer_poll(client_.get(), patience));
    if (record == nullptr) return;
    read(*record);
    patience = 0;
  }
}

void KafkaMember::read(const rd_kafka_message_t& record) {
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
void KafkaMember::hold_back() {
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

void KafkaMember::resume() {
  rd_kafka_resume_partitions(client_.get(), sent_partitions(false).get());
  is_paused_ = false;
}

KafkaPartitions KafkaMember::sent_partitions(bool are_paused) {
  std::vector<KafkaPlace> places;
  for (const auto& [place, log] : flow_.logs()) {
    if (log->is_retry) continue;
    log->paused = are_paused;
    places.push_back(place);
  }
  return partitions_of(places);
}

void KafkaMember::rebalanced(rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t& list) {
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

void KafkaMember::assigned(rd_kafka_topic_partition_list_t& list) {
  for (;;) {
    try {
      if (list.cnt > 0) start(list);
      break;
    } catch (const KafkaFailure&) {
      if (stop_.pause(kKafkaAgain)) break;
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

// To be read from where the group stands.
void KafkaMember::start(rd_kafka_topic_partition_list_t& list) {
  std::vector<KafkaPlace> places;
  for (int i = 0; i < list.cnt; ++i) {
    places.emplace_back(list.elems[i].topic, list.elems[i].partition);
  }
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
}

void KafkaMember::leave() {
  using Clock = std::chrono::steady_clock;
  is_leaving_ = true;
  const Clock::time_point deadline =
      Clock::now() + std::min<milliseconds>(settings_.timeout, milliseconds(2000));
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
