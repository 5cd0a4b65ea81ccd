#include <algorithm>
#include <cstdlib>
#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_round_writer.h>

namespace waybill::queue::internal {

KafkaRoundWriter::KafkaRoundWriter(const KafkaSettings& settings, KafkaProgress& progress,
                                   KafkaFlow& flow, KafkaClient& client, const KafkaStop& stop)
    : settings_(settings),
      progress_(progress),
      flow_(flow),
      client_(client),
      stop_(stop),
      transactional_id_(settings.group() + "." + random_token()) {}

std::optional<KafkaFailure> KafkaRoundWriter::write() {
  const KafkaFlow::Round& round = flow_.round();
  if (round.before.empty()) return {};
  const KafkaPartitions list = offsets();
  try {
    std::vector<std::int64_t> written;
    if (round.records.empty()) {
      commit(*list);
    } else {
      written = transact(*list);
    }
    for (const auto& [log, window] : round.before) log->confirmed = log->attempted;
    flow_.finish(written);
    trim();
    return {};
  } catch (const KafkaFailure& failure) {
    flow_.undo();
    return failure;
  }
}

KafkaPartitions KafkaRoundWriter::offsets() {
  constexpr std::size_t kMostMetadata = 4000;
  const auto& before = flow_.round().before;
  KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(before.size())));
  for (const auto& [log, window] : before) {
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
  return list;
}

// Of the whole state as it is to be, so that it may be repeated whatever became of it.
void KafkaRoundWriter::commit(const rd_kafka_topic_partition_list_t& offsets) {
  const KafkaEventQueue answers(rd_kafka_queue_new(client_.get()));
  check_kafka(rd_kafka_commit_queue(client_.get(), &offsets, answers.get(), nullptr, nullptr));
  const KafkaEvent answer(
      rd_kafka_queue_poll(answers.get(), static_cast<int>(settings_.timeout.count())));
  if (answer == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
  check_kafka(rd_kafka_event_error(answer.get()));
  const rd_kafka_topic_partition_list_t* list = rd_kafka_event_topic_partition_list(answer.get());
  for (int i = 0; list != nullptr && i < list->cnt; ++i) check_kafka(list->elems[i].err);
}

std::vector<std::int64_t> KafkaRoundWriter::transact(
    const rd_kafka_topic_partition_list_t& offsets) {
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
bool KafkaRoundWriter::has_come_through() {
  const auto& before = flow_.round().before;
  std::vector<KafkaPlace> places;
  for (const auto& [log, window] : before) places.push_back(log->place);
  do {
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
  } while (!stop_.pause(kKafkaAgain));
  return false;
}

// What is settled, up to the group's offset, for nobody else to read.
void KafkaRoundWriter::trim() {
  using Clock = std::chrono::steady_clock;
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

}  // namespace waybill::queue::internal
