// queue_kafka: queues in Kafka.
#pragma once

namespace waybill::queue {

// Makes open() know "kafka:". Thread-safe; more than once is once.
void enable_kafka();

}  // namespace waybill::queue
