// RedisStore: one queue in Redis, which a RedisQueue and its deliveries share.
//
// Thread-safe. Throws RedisConnectionLost and RedisRefusal.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue/lease.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_redis/internal/redis_entry.h>
#include <waybill/queue_redis/internal/redis_server.h>
#include <waybill/queue_redis/internal/redis_waiting.h>

namespace waybill::queue::internal {

class RedisStore {
 public:
  explicit RedisStore(const RedisSettings& settings) : server_(settings) {}

  // False: there is no such queue, and none was to be made.
  bool open(bool create);

  // How many were sent.
  std::size_t send(std::span<const Message> messages,
                   std::chrono::milliseconds deduplication_window);

  // A claim is what one delivery of a message is known by; the next has another.
  struct Taken {
    std::string claim;
    RedisEntry entry;
  };
  // No more than kRedisMostTaken.
  std::vector<Taken> take(std::size_t max, std::chrono::milliseconds wait,
                          std::chrono::milliseconds visibility);

  // kDone or kLost for each; no more than kRedisMostTaken.
  struct Acked {
    std::string_view claim;
    std::string_view earlier_claim;  // see RedisEntry
  };
  std::vector<Settlement> ack(std::span<const Acked> acked);
  // False when the claim is stale.
  bool retry(std::string_view claim, std::chrono::milliseconds delay);
  bool dead_letter(std::string_view claim, std::string_view reason);
  // May change the claim.
  bool extend(std::string& claim, std::chrono::milliseconds visibility);

  Counts counts();
  std::vector<QueuedMessage> peek(std::size_t max);
  std::vector<DeadLetter> dead_letters(std::size_t max);
  // False: there is none with that id.
  bool retry_dead_letter(std::string_view id);
  bool remove_dead_letter(std::string_view id);
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result);

 private:
  RedisParts commands_that_send(std::span<const Message> messages, Time time) const;
  RedisServer::ScriptCall script_that_sends(std::span<const Message> messages,
                                            std::chrono::milliseconds window, Time time) const;

  enum class Look { kOnce, kAndWait, kHavingWaited, kLastTime };
  struct Found {
    std::vector<Taken> taken;
    // Until when nothing falls due, or until when to wait at most.
    std::chrono::steady_clock::time_point wait_until;
  };
  // What there is, as fast as can be; empty: look() knows more.
  std::vector<Taken> read(std::size_t max, std::chrono::milliseconds visibility);
  Found look(std::size_t max, std::chrono::milliseconds visibility, Look how);
  std::vector<Taken> take_or_wait(std::size_t max, std::chrono::milliseconds visibility,
                                  std::chrono::steady_clock::time_point deadline);

  RedisServer server_;
  RedisWaiting waiting_{server_};
  // Whether there were other priorities than the normal one when we last looked.
  std::atomic<bool> is_mixed_ = false;
};

}  // namespace waybill::queue::internal
