#include <waybill/queue_redis/internal/redis_waiting.h>

namespace waybill::queue::internal {

RedisWaiting::Turn::Turn(RedisWaiting& waiting, std::chrono::steady_clock::time_point deadline)
    : waiting_(waiting) {
  std::unique_lock lock(waiting.mutex_);
  has_come_ = waiting.turn_over_.wait_until(lock, deadline, [&waiting] { return !waiting.taken_; });
  if (has_come_) waiting.taken_ = true;
}

RedisWaiting::Turn::~Turn() {
  if (!has_come_) return;
  {
    const std::lock_guard lock(waiting_.mutex_);
    waiting_.taken_ = false;
  }
  waiting_.turn_over_.notify_one();
}

void RedisWaiting::listen() {
  server_.connect(line_, [this](RedisConnection& connection) {
    connection.call({"SUBSCRIBE", server_.keys().channel(who_)});
  });
}

void RedisWaiting::wait_until(std::chrono::steady_clock::time_point deadline) {
  try {
    line_.connection->wait_until(deadline);
  } catch (const RedisConnectionLost&) {
    line_.connection.reset();
  }
}

}  // namespace waybill::queue::internal
