// RedisWaiting: how threads of one queue wait for what other processes do.
//
// One of them at a time, whose turn it is, listens on a channel of the queue's own; the others wait
// for their turn. So there is one connection, and the server has one to tell, however many threads
// wait. The scripts pick whom to tell (redis_scripts.cc).
//
// Thread-safe; what is said to be for whose turn it is, by that one alone.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>

#include <waybill/core/ids.h>
#include <waybill/queue_redis/internal/redis_server.h>

namespace waybill::queue::internal {

class RedisWaiting {
 public:
  explicit RedisWaiting(RedisServer& server) : server_(server) {}

  // Whose turn it is, if it is anybody's.
  class Turn {
   public:
    // Waits for it until then.
    Turn(RedisWaiting& waiting, std::chrono::steady_clock::time_point deadline);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();
    bool has_come() const noexcept { return has_come_; }

   private:
    RedisWaiting& waiting_;
    bool has_come_;
  };

  // For whose turn it is. What is told from then on ends wait_until(). Throws as RedisServer does.
  void listen();
  // May end without a reason, and does so when the connection breaks.
  void wait_until(std::chrono::steady_clock::time_point deadline);

  // As the server knows us.
  const std::string& who() const noexcept { return who_; }

 private:
  RedisServer& server_;
  const std::string who_ = SpanId::random().to_hex();
  RedisServer::Line line_;

  std::mutex mutex_;
  std::condition_variable turn_over_;
  bool taken_ = false;
};

}  // namespace waybill::queue::internal
