// RedisScripts: what a queue does in Redis, in Lua, so that each step happens as a whole or not at
// all. Keys and the layout of an entry: redis_keys.h and redis_entry.h.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <waybill/queue_redis/internal/redis_keys.h>

namespace waybill::queue::internal {

enum class RedisScript : std::size_t {
  kOpen,
  kSend,
  kSent,
  kBeforeReading,
  kTake,
  kAck,
  kRetry,
  kDeadLetter,
  kExtend,
  kCounts,
  kPeek,
  kRetryDead,
  kRemoveDead,
  kArrive,
};
inline constexpr std::size_t kRedisScripts = 14;

// How long, in ms, whoever waits does so at most before it looks by itself; what falls due later
// than that need not wake anybody. The scripts have it too.
inline constexpr int kRedisLookAgain = 1000;
// Most messages in one script, which bounds how long the server does nothing else.
inline constexpr std::size_t kRedisMostTaken = 1000;
inline constexpr std::size_t kRedisMostPeeked = 10'000;

// Parts in what a script may write as one entry: Lua's stack, on which they lie, takes 8000.
inline constexpr std::size_t kRedisMostParts = 4000;

// In the order in which the script takes them.
const std::vector<RedisKey>& keys_of(RedisScript script);
const std::string& source_of(RedisScript script);

}  // namespace waybill::queue::internal
