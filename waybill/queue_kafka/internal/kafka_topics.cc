#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include <waybill/queue_kafka/internal/kafka_limits.h>
#include <waybill/queue_kafka/internal/kafka_topics.h>

namespace waybill::queue::internal {

namespace {

using Clock = std::chrono::steady_clock;

struct FreeAdmin {
  void operator()(rd_kafka_NewTopic_t* topic) const noexcept { rd_kafka_NewTopic_destroy(topic); }
  void operator()(rd_kafka_AdminOptions_t* options) const noexcept {
    rd_kafka_AdminOptions_destroy(options);
  }
};

class Opening {
 public:
  explicit Opening(const KafkaSettings& settings)
      : settings_(settings),
        client_(settings, RD_KAFKA_PRODUCER, {}),
        deadline_(Clock::now() + settings.timeout) {}

  // How many partitions each has that is there, by topic.
  std::map<std::string, std::int32_t> partitions() {
    const rd_kafka_metadata_t* found = nullptr;
    for (;;) {
      constexpr int kPatience = 100;
      const auto code = rd_kafka_metadata(client_.get(), 1, nullptr, &found, kPatience);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) break;
      const std::string refusal = client_.refusal();
      if (!refusal.empty()) throw KafkaFailure(code, refusal);
      if (Clock::now() < deadline_) continue;
      throw KafkaFailure(code, client_.all_down() ? "no server can be reached"
                                                  : std::string(rd_kafka_err2str(code)));
    }
    const std::unique_ptr<const rd_kafka_metadata_t, KafkaFree> metadata(found);
    std::map<std::string, std::int32_t> partitions;
    for (int i = 0; i < metadata->topic_cnt; ++i) {
      const rd_kafka_metadata_topic_t& topic = metadata->topics[i];
      const bool has_leaders =
          std::all_of(topic.partitions, topic.partitions + topic.partition_cnt,
                      [](const rd_kafka_metadata_partition_t& one) { return one.leader >= 0; });
      if (topic.err == RD_KAFKA_RESP_ERR_NO_ERROR && has_leaders) {
        partitions[topic.topic] = topic.partition_cnt;
      }
    }
    return partitions;
  }

  void make(const std::string& topic, std::int32_t partitions, const char* cleanup) {
    char reason[256];
    const std::unique_ptr<rd_kafka_NewTopic_t, FreeAdmin> wanted(rd_kafka_NewTopic_new(
        topic.c_str(), partitions, settings_.replicas, reason, sizeof reason));
    if (wanted == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__INVALID_ARG, reason);
    const std::string most = std::to_string(kKafkaMostBytes);
    rd_kafka_NewTopic_set_config(wanted.get(), "retention.ms", "-1");
    rd_kafka_NewTopic_set_config(wanted.get(), "retention.bytes", "-1");
    rd_kafka_NewTopic_set_config(wanted.get(), "cleanup.policy", cleanup);
    rd_kafka_NewTopic_set_config(wanted.get(), "max.message.bytes", most.c_str());
    const std::unique_ptr<rd_kafka_AdminOptions_t, FreeAdmin> options(
        rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
    const int timeout = static_cast<int>(settings_.timeout.count());
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout, nullptr, 0);
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout, nullptr, 0);
    const KafkaEventQueue answers(rd_kafka_queue_new(client_.get()));
    rd_kafka_NewTopic_t* list = wanted.get();
    rd_kafka_CreateTopics(client_.get(), &list, 1, options.get(), answers.get());
    const KafkaEvent answer(rd_kafka_queue_poll(answers.get(), 2 * timeout));
    if (answer == nullptr) throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
    check(topic, rd_kafka_event_error(answer.get()), rd_kafka_event_error_string(answer.get()));
    std::size_t count = 0;
    const rd_kafka_topic_result_t* const* results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(answer.get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
      const char* why = rd_kafka_topic_result_error_string(results[i]);
      check(topic, rd_kafka_topic_result_error(results[i]), why == nullptr ? "" : why);
    }
  }

  bool is_late() const { return Clock::now() > deadline_; }

 private:
  static void check(const std::string& topic, rd_kafka_resp_err_t code, const std::string& why) {
    // Somebody else may make it at the same time.
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
      return;
    }
    throw KafkaFailure(code, "topic '" + topic + "' cannot be made: " + why);
  }

  const KafkaSettings& settings_;
  KafkaClient client_;
  const Clock::time_point deadline_;
};

}  // namespace

std::vector<KafkaPlace> KafkaTopics::flow(const KafkaSettings& settings) const {
  std::vector<KafkaPlace> places;
  for (std::int32_t i = 0; i < sent_partitions; ++i) places.emplace_back(settings.sent_topic(), i);
  for (std::int32_t i = 0; i < retry_partitions; ++i) {
    places.emplace_back(settings.retry_topic(), i);
  }
  return places;
}

KafkaTopics open_topics(const KafkaSettings& settings, bool create) {
  Opening opening(settings);
  auto found = opening.partitions();
  const std::int32_t partitions =
      found.contains(settings.sent_topic()) ? found[settings.sent_topic()] : settings.partitions;
  const std::pair<std::string, std::pair<std::int32_t, const char*>> wanted[] = {
      {settings.dead_topic(), {1, "compact"}},
      {settings.keys_topic(), {1, "compact"}},
      {settings.retry_topic(), {partitions, "delete"}},
      // The last: when it is there, all are.
      {settings.sent_topic(), {partitions, "delete"}},
  };
  const auto is_missing = [&](const auto& one) { return !found.contains(one.first); };
  if (!create && std::ranges::any_of(wanted, is_missing)) {
    throw KafkaFailure(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  }
  for (const auto& [topic, shape] : wanted) {
    if (!found.contains(topic)) opening.make(topic, shape.first, shape.second);
  }
  while (std::ranges::any_of(wanted, is_missing)) {
    if (opening.is_late()) throw KafkaFailure(RD_KAFKA_RESP_ERR__TIMED_OUT);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    found = opening.partitions();
  }
  return {found[settings.sent_topic()], found[settings.retry_topic()]};
}

}  // namespace waybill::queue::internal
