#include <waybill/queue/kinds.h>
#include <waybill/queue_redis/internal/redis_queue.h>
#include <waybill/queue_redis/queue_redis.h>

namespace waybill::queue {

void enable_redis() {
  add_kind("redis", [](std::string_view url, const Options& options) -> std::unique_ptr<Queue> {
    return std::make_unique<internal::RedisQueue>(url, options);
  });
}

}  // namespace waybill::queue
