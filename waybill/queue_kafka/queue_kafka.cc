#include <waybill/queue/kinds.h>
#include <waybill/queue_kafka/internal/kafka_queue.h>
#include <waybill/queue_kafka/queue_kafka.h>

namespace waybill::queue {

void enable_kafka() {
  add_kind("kafka", [](std::string_view url, const Options& options) -> std::unique_ptr<Queue> {
    return std::make_unique<internal::KafkaQueue>(url, options);
  });
}

}  // namespace waybill::queue
