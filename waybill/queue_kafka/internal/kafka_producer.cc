#include <algorithm>
#include <memory>

#include <waybill/core/ids.h>
#include <waybill/queue_kafka/internal/kafka_delivered.h>
#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_producer.h>

namespace waybill::queue::internal {

namespace {

KafkaOptions options(const KafkaSettings& settings, const std::string& transactional_id) {
  KafkaOptions all{
      {"enable.idempotence", "true"},
      {"acks", "all"},
      // One at a time keeps the order through retries, whatever fails.
      {"max.in.flight", "1"},
      {"linger.ms", "0"},
      {"message.max.bytes", std::to_string(kKafkaMostBytes)},
      {"message.timeout.ms", std::to_string(settings.timeout.count())},
      {"queue.buffering.max.messages", "10000000"},
      {"queue.buffering.max.kbytes", "2097151"},
  };
  if (!transactional_id.empty()) {
    all.emplace_back("transactional.id", transactional_id);
    // Whoever reads waits this long for a transaction whose writer was killed.
    all.emplace_back("transaction.timeout.ms",
                     std::to_string(std::max<long>(settings.timeout.count(), 5000) + 5000));
  }
  return all;
}

using Headers = std::unique_ptr<rd_kafka_headers_t, KafkaFree>;

rd_kafka_resp_err_t produce(rd_kafka_t* handle, const KafkaRecord& record, void* opaque) {
  Headers headers(rd_kafka_headers_new(record.headers.size()));
  for (const auto& [name, value] : record.headers) {
    rd_kafka_header_add(headers.get(), name.data(), static_cast<ssize_t>(name.size()), value.data(),
                        static_cast<ssize_t>(value.size()));
  }
  // The library reads from these alone, and takes a copy.
  auto* value = record.value ? const_cast<char*>(record.value->data()) : nullptr;
  auto* key = record.key ? const_cast<char*>(record.key->data()) : nullptr;
  const std::size_t value_size = record.value ? record.value->size() : 0;
  const std::size_t key_size = record.key ? record.key->size() : 0;
  const auto code = rd_kafka_producev(
      handle, RD_KAFKA_V_TOPIC(record.topic.c_str()), RD_KAFKA_V_PARTITION(record.partition),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(value, value_size),
      RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_HEADERS(headers.get()), RD_KAFKA_V_OPAQUE(opaque),
      RD_KAFKA_V_END);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) headers.release();
  return code;
}

}  // namespace

std::string random_token() {
  return SpanId::random().to_hex();
}

KafkaProducer::KafkaProducer(const KafkaSettings& settings, const std::string& transactional_id)
    : settings_(settings),
      client_(settings, RD_KAFKA_PRODUCER, options(settings, transactional_id)) {
  if (!transactional_id.empty()) {
    check_kafka(rd_kafka_init_transactions(client_.get(), milliseconds()));
  }
}

std::vector<std::int64_t> KafkaProducer::write(std::span<const KafkaRecord> records) {
  KafkaSending sending(records.size());
  rd_kafka_resp_err_t refused = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (const KafkaRecord& record : records) {
    refused = produce(client_.get(), record, sending.next());
    if (refused == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    sending.take_back();
    break;
  }
  sending.wait();
  check_kafka(refused);
  std::vector<std::int64_t> offsets;
  offsets.reserve(records.size());
  for (const KafkaDelivered& record : sending.records()) {
    check_kafka(record.error);
    offsets.push_back(record.offset);
  }
  return offsets;
}

std::vector<std::int64_t> KafkaProducer::commit(std::span<const KafkaRecord> records,
                                                const Offsets* offsets) {
  check_kafka(rd_kafka_begin_transaction(client_.get()));
  try {
    if (offsets != nullptr) {
      const std::unique_ptr<rd_kafka_consumer_group_metadata_t, KafkaFree> group(
          rd_kafka_consumer_group_metadata(offsets->consumer));
      if (group == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__UNKNOWN_GROUP);
      check_kafka(rd_kafka_send_offsets_to_transaction(client_.get(), offsets->list, group.get(),
                                                       milliseconds()));
    }
    std::vector<std::int64_t> written = write(records);
    check_kafka(rd_kafka_commit_transaction(client_.get(), milliseconds()));
    return written;
  } catch (const KafkaFailure&) {
    // For whoever reads: else they wait until it is given up.
    if (rd_kafka_error_t* error = rd_kafka_abort_transaction(client_.get(), milliseconds())) {
      rd_kafka_error_destroy(error);
    }
    throw;
  }
}

bool KafkaProducer::is_broken() const {
  return rd_kafka_fatal_error(client_.get(), nullptr, 0) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

}  // namespace waybill::queue::internal
