// The tests of waybill/queue/conformance, for Redis.

#include <memory>

#include <waybill/queue/conformance/conformance.h>
#include <waybill/queue_redis/internal/test_redis.h>
#include <waybill/queue_redis/queue_redis.h>

namespace waybill::queue {

std::vector<ConformanceKind> conformance_kinds() {
  // One server for all suites, started with the first test that asks for it.
  static std::unique_ptr<internal::TestRedis> redis;
  return {{"redis", [](const std::string& queue) {
             enable_redis();
             if (redis == nullptr) redis = std::make_unique<internal::TestRedis>();
             return redis->url(queue);
           }}};
}

}  // namespace waybill::queue
