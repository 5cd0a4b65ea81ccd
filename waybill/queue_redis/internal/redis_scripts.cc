#include <array>
#include <initializer_list>
#include <utility>

#include <waybill/queue_redis/internal/redis_lua_common.h>
#include <waybill/queue_redis/internal/redis_lua_flow.h>
#include <waybill/queue_redis/internal/redis_lua_keeping.h>
#include <waybill/queue_redis/internal/redis_lua_settling.h>
#include <waybill/queue_redis/internal/redis_scripts.h>

namespace waybill::queue::internal {

namespace {

using namespace lua;

struct Script {
  std::vector<RedisKey> keys;
  std::string source;
};

Script script(std::vector<RedisKey> keys, std::initializer_list<const char*> pieces) {
  Script made{std::move(keys), ""};
  // Lua refuses names that it does not know: those without a key are nil.
  for (const std::string_view name : kRedisKeyNames)
    made.source.append("local ").append(name) += '\n';
  for (std::size_t i = 0; i < made.keys.size(); ++i) {
    made.source.append(name_of(made.keys[i])).append(" = KEYS[");
    made.source.append(std::to_string(i + 1)).append("]\n");
  }
  made.source.append(kPrelude);
  for (const char* piece : pieces) made.source.append(piece);
  return made;
}

std::array<Script, kRedisScripts> all_scripts() {
  using enum RedisKey;
  // All that scripts need which take messages from one place to another.
  const std::vector<RedisKey> most{kLow,   kNormal,  kHigh,     kLater,  kLeases, kDelayed,
                                   kMoved, kWaiting, kTimeouts, kParked, kOnce};
  const std::vector<RedisKey> all{kLow,  kNormal, kHigh,    kLater,    kLeases, kDelayed, kMoved,
                                  kDead, kBuried, kWaiting, kTimeouts, kParked, kOnce};
  return {script({kNormal, kOnce}, {kOpen}),
          script({kLow, kNormal, kHigh, kLater, kDelayed, kWaiting, kOnce}, {kClock, kSend}),
          script({kWaiting, kOnce}, {kSent}),
          script(most, {kClock, kEntries, kPromote, kBeforeReading}),
          script(most, {kClock, kEntries, kPromote, kTake}),
          script({kLow, kNormal, kHigh, kLater, kLeases, kMoved, kOnce}, {kEntries, kAck}),
          script(most, {kClock, kEntries, kSettle, kRetry}),
          script(all, {kClock, kEntries, kSettle, kDeadLetter}),
          script(most, {kClock, kEntries, kExtend}),
          script(all, {kClock, kEntries, kPromote, kCounts}),
          script(most, {kClock, kEntries, kPromote, kPeek}),
          script(all, {kEntries, kFindDead, kRetryDead}),
          script({kDead, kBuried, kOnce}, {kFindDead, kRemoveDead}),
          script({kOnce}, {kArrive})};
}

const Script& script_of(RedisScript name) {
  static const std::array<Script, kRedisScripts> scripts = all_scripts();
  return scripts[static_cast<std::size_t>(name)];
}

}  // namespace

const std::vector<RedisKey>& keys_of(RedisScript script) {
  return script_of(script).keys;
}

const std::string& source_of(RedisScript script) {
  return script_of(script).source;
}

}  // namespace waybill::queue::internal
