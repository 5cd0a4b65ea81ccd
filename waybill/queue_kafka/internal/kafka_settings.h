// KafkaSettings: the url of a queue in Kafka, taken apart and checked.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace waybill::queue::internal {

struct KafkaSettings {
  std::string servers;  // "host:9092,[::1]:9093"
  std::string user;
  std::string password;
  std::string queue;
  std::chrono::milliseconds timeout{5000};
  int partitions = 1;
  int replicas = -1;  // as the cluster does it
  bool trim = false;

  // The topics.
  std::string sent_topic() const { return queue; }
  std::string retry_topic() const { return queue + ".retry"; }
  std::string dead_topic() const { return queue + ".dead"; }
  std::string keys_topic() const { return queue + ".keys"; }
  // The consumer group; and the transactional id of who decides about keys and dead letters.
  std::string group() const { return "waybill." + queue; }

  // For errors: "queue 'invoices' at kafka://127.0.0.1:9092". Without the password.
  std::string description() const;
};

// Throws waybill::Error, which does not tell the password.
KafkaSettings parse_kafka_url(std::string_view url);

}  // namespace waybill::queue::internal
