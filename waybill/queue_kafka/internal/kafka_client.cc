#include <algorithm>

#include <waybill/queue_kafka/internal/kafka_client.h>
#include <waybill/queue_kafka/internal/kafka_delivered.h>

namespace waybill::queue::internal {

namespace {

struct Configuration {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  ~Configuration() {
    if (conf != nullptr) rd_kafka_conf_destroy(conf);
  }

  void set(const std::string& name, const std::string& value) {
    char reason[256];
    if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason, sizeof reason) !=
        RD_KAFKA_CONF_OK) {
      throw KafkaFailure(RD_KAFKA_RESP_ERR__INVALID_ARG, reason);
    }
  }
};

KafkaOptions common(const KafkaSettings& settings) {
  KafkaOptions options{
      {"bootstrap.servers", settings.servers},
      {"client.id", "waybill"},
      {"allow.auto.create.topics", "false"},
      {"socket.timeout.ms", std::to_string(std::min<long>(settings.timeout.count(), 60'000))},
      {"socket.nagle.disable", "true"},
      {"reconnect.backoff.ms", "20"},
      {"reconnect.backoff.max.ms", "500"},
      {"retry.backoff.ms", "20"},
      // Topics may be just being made.
      {"topic.metadata.refresh.fast.interval.ms", "50"},
  };
  if (!settings.user.empty()) {
    options.insert(options.end(), {{"security.protocol", "sasl_plaintext"},
                                   {"sasl.mechanism", "PLAIN"},
                                   {"sasl.username", settings.user},
                                   {"sasl.password", settings.password}});
  }
  return options;
}

void ignore_log(const rd_kafka_t*, int, const char*, const char*) {}

}  // namespace

void check_kafka(rd_kafka_resp_err_t code) {
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) throw KafkaFailure(code);
}

void check_kafka(rd_kafka_error_t* error) {
  if (error == nullptr) return;
  const KafkaFailure failure(rd_kafka_error_code(error), rd_kafka_error_string(error));
  rd_kafka_error_destroy(error);
  throw failure;
}

KafkaClient::KafkaClient(const KafkaSettings& settings, rd_kafka_type_t type,
                         const KafkaOptions& options, KafkaRebalanced* rebalanced)
    : rebalanced_(rebalanced) {
  Configuration configuration;
  for (const auto& [name, value] : common(settings)) configuration.set(name, value);
  for (const auto& [name, value] : options) configuration.set(name, value);
  rd_kafka_conf_t* const conf = configuration.conf;
  rd_kafka_conf_set_log_cb(conf, ignore_log);
  rd_kafka_conf_set_opaque(conf, this);
  if (type == RD_KAFKA_PRODUCER) {
    // A thread of the library's own tells who waits.
    rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    rd_kafka_conf_set_background_event_cb(conf, on_event);
  } else {
    rd_kafka_conf_set_error_cb(conf, on_error);
    if (rebalanced != nullptr) rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
  }
  char reason[256];
  handle_ = rd_kafka_new(type, conf, reason, sizeof reason);
  if (handle_ == nullptr) throw KafkaFailure(rd_kafka_last_error(), reason);
  configuration.conf = nullptr;
  if (type == RD_KAFKA_PRODUCER) {
    const KafkaEventQueue events(rd_kafka_queue_get_main(handle_));
    const KafkaEventQueue background(rd_kafka_queue_get_background(handle_));
    rd_kafka_queue_forward(events.get(), background.get());
  }
}

KafkaClient::~KafkaClient() {
  rd_kafka_destroy_flags(handle_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

std::string KafkaClient::refusal() const {
  const std::lock_guard lock(mutex_);
  return refusal_;
}

void KafkaClient::on_event(rd_kafka_t* handle, rd_kafka_event_t* event, void* self) {
  const KafkaEvent owned(event);
  if (rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR) {
    on_error(handle, rd_kafka_event_error(event), rd_kafka_event_error_string(event), self);
    return;
  }
  while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event)) {
    static_cast<KafkaDelivered*>(message->_private)->note(message->err, message->offset);
  }
}

void KafkaClient::on_rebalance(rd_kafka_t*, rd_kafka_resp_err_t what,
                               rd_kafka_topic_partition_list_t* partitions, void* self) {
  static_cast<KafkaClient*>(self)->rebalanced_->rebalanced(what, *partitions);
}

void KafkaClient::on_error(rd_kafka_t*, int code, const char* reason, void* self) {
  auto& client = *static_cast<KafkaClient*>(self);
  if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
    client.all_down_.store(true, std::memory_order_relaxed);
  } else if (code == RD_KAFKA_RESP_ERR__AUTHENTICATION || code == RD_KAFKA_RESP_ERR__SSL ||
             code == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) {
    const std::lock_guard lock(client.mutex_);
    client.refusal_ = reason;
  }
}

}  // namespace waybill::queue::internal
