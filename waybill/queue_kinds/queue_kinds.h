// queue_kinds: for programs that open whatever url they are given: every kind of queue that this
// Waybill was built with.
//
//   waybill::queue::enable_all_kinds();
//   auto queue = waybill::queue::open(url);
//
// Linking it links their client libraries; a program that knows what it opens links that room
// alone. Uses queue and the rooms of the kinds.
#pragma once

// Those that are there are told by CMake's target.
#ifdef WAYBILL_QUEUE_KAFKA
#include <waybill/queue_kafka/queue_kafka.h>
#endif
#ifdef WAYBILL_QUEUE_NATS
#include <waybill/queue_nats/queue_nats.h>
#endif
#ifdef WAYBILL_QUEUE_REDIS
#include <waybill/queue_redis/queue_redis.h>
#endif

namespace waybill::queue {

// Calls enable_redis() and the like, as far as they are there. Thread-safe; more than once is once.
inline void enable_all_kinds() {
#ifdef WAYBILL_QUEUE_KAFKA
  enable_kafka();
#endif
#ifdef WAYBILL_QUEUE_NATS
  enable_nats();
#endif
#ifdef WAYBILL_QUEUE_REDIS
  enable_redis();
#endif
}

}  // namespace waybill::queue
