// RedisConnection: a connection to a Redis server, with a time-out on everything.
//
// hiredis connects and reads replies; the writing is our own, since hiredis writes in a way by
// which a connection that the server has closed ends the process (SIGPIPE). Used by one thread at a
// time.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <hiredis/hiredis.h>

#include <waybill/queue_redis/internal/redis_settings.h>

namespace waybill::queue::internal {

// No connection, or none any more: what was asked for may have been done or not.
class RedisConnectionLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The server's own words ("WRONGTYPE Operation against ...").
class RedisRefusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  bool begins_with(std::string_view text) const noexcept {
    return std::string_view(what()).starts_with(text);
  }
};

struct FreeRedisReply {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, FreeRedisReply>;

inline std::string_view text_of(const redisReply& reply) noexcept {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, reply.len);
}

// Parts of a command as Redis reads them, one after the other; or several whole commands.
class RedisParts {
 public:
  RedisParts() = default;
  RedisParts(std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts) add(part);
  }

  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  void add(std::string_view part);
  void add(std::int64_t number) { add(std::to_string(number)); }
  void append(const RedisParts& parts);

  // Instead of the above: what is added next are the parts of a command, so many.
  void begin_command(std::size_t parts);
  void append_command(const RedisParts& parts);

  std::size_t count() const noexcept { return count_; }
  const std::string& bytes() const noexcept { return bytes_; }

 private:
  std::size_t count_ = 0;
  std::string bytes_;
};

class RedisConnection {
 public:
  // Signs in and selects the database. Throws RedisConnectionLost and RedisRefusal.
  RedisConnection(const ServerUrl::Server& server, const RedisSettings& settings);

  // One command, in up to three pieces. The reply is no error: that is thrown.
  RedisReply call(const RedisParts& first, const RedisParts& second = {},
                  const RedisParts& third = {});

  // Whole commands, so many of them, in up to two pieces, as one transaction (MULTI): what they
  // answered, one of them an error perhaps.
  RedisReply transact(std::size_t count, const RedisParts& first, const RedisParts& second = {});

  // Until something has come without having been asked for, as it does to who has subscribed. False
  // when nothing has. Takes all that is there.
  bool wait_until(std::chrono::steady_clock::time_point deadline);

 private:
  struct Disconnect {
    void operator()(redisContext* context) const noexcept { redisFree(context); }
  };

  void send(std::array<std::string_view, 4> pieces);
  RedisReply read_reply();
  // Null: nothing has been read as a whole yet.
  RedisReply next_reply();
  void read_some(int flags);

  std::unique_ptr<redisContext, Disconnect> context_;
};

}  // namespace waybill::queue::internal
