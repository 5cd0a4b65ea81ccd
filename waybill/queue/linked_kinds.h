// For programs that open whatever url they are given: every kind of queue whose room they link.
#pragma once

// What a target that is linked defines.
#ifdef WAYBILL_QUEUE_NATS
#include <waybill/queue_nats/queue_nats.h>
#endif
#ifdef WAYBILL_QUEUE_KAFKA
#include <waybill/queue_kafka/queue_kafka.h>
#endif
#ifdef WAYBILL_QUEUE_REDIS
#include <waybill/queue_redis/queue_redis.h>
#endif

namespace waybill::queue {

// Calls the enable functions that are there. Thread-safe.
inline void enable_linked_kinds() {
#ifdef WAYBILL_QUEUE_NATS
  enable_nats();
#endif
#ifdef WAYBILL_QUEUE_KAFKA
  enable_kafka();
#endif
#ifdef WAYBILL_QUEUE_REDIS
  enable_redis();
#endif
}

}  // namespace waybill::queue
