#include <utility>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue_kafka/internal/kafka_sender.h>

namespace waybill::queue::internal {

KafkaSender::KafkaSender(const KafkaSettings& settings, const KafkaTopics& topics,
                         KafkaProgress& progress)
    : settings_(settings),
      topics_(topics),
      progress_(progress),
      transactional_id_(settings.group() + ".send." + random_token()),
      // Senders that send but one message are not all to send it to the first.
      next_partition_(static_cast<std::uint32_t>(std::hash<std::string>()(transactional_id_))) {}

std::vector<KafkaRecord> KafkaSender::records_of(std::span<Message> messages) {
  const std::uint32_t number = next_partition_.fetch_add(1, std::memory_order_relaxed);
  const Time time = now();
  std::vector<KafkaRecord> records;
  records.reserve(messages.size());
  for (Message& message : messages) {
    const bool is_delayed = message.delay.count() > 0;
    const std::int32_t count = is_delayed ? topics_.retry_partitions : topics_.sent_partitions;
    records.push_back(
        to_record({.id = {},
                   .message = std::move(message),
                   .enqueued_at = time,
                   .due = is_delayed ? time + message.delay : Time{}},
                  is_delayed ? settings_.retry_topic() : settings_.sent_topic(),
                  static_cast<std::int32_t>(number % static_cast<std::uint32_t>(count))));
  }
  return records;
}

void KafkaSender::send(std::span<const KafkaRecord> records) {
  if (records.size() == 1) {
    progress_.wrote(records, plain()->write(records));
    return;
  }
  const std::lock_guard lock(batch_mutex_);
  if (batches_ == nullptr) batches_ = std::make_unique<KafkaProducer>(settings_, transactional_id_);
  try {
    progress_.wrote(records, batches_->commit(records));
  } catch (const KafkaFailure&) {
    batches_.reset();
    throw;
  }
}

std::shared_ptr<KafkaProducer> KafkaSender::plain() {
  const std::lock_guard lock(mutex_);
  if (plain_ == nullptr || plain_->is_broken()) plain_ = std::make_shared<KafkaProducer>(settings_);
  return plain_;
}

}  // namespace waybill::queue::internal
