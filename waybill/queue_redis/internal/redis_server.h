// RedisServer: the server as one queue uses it: connections, and scripts that are asked for again
// when a connection breaks.
//
// Thread-safe. There are no more than eight connections; who finds all of them in use waits its
// turn. Throws RedisConnectionLost and RedisRefusal.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include <waybill/queue_redis/internal/redis_connection.h>
#include <waybill/queue_redis/internal/redis_keys.h>
#include <waybill/queue_redis/internal/redis_scripts.h>
#include <waybill/queue_redis/internal/redis_settings.h>

namespace waybill::queue::internal {

class RedisServer {
 public:
  // Connects and loads the scripts.
  explicit RedisServer(RedisSettings settings);
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  const RedisSettings& settings() const noexcept { return settings_; }
  const RedisKeys& keys() const noexcept { return keys_; }

  // `more_keys` come after those that all scripts get.
  RedisReply run(RedisScript script, const RedisParts& arguments = {},
                 std::span<const std::string> more_keys = {});

  // As run() does it, and returns when as many replicas as the settings ask for have what was
  // written.
  struct ScriptCall {
    RedisScript script;
    RedisParts arguments = {};
    std::vector<std::string> more_keys = {};
  };
  RedisReply run_and_replicate(const ScriptCall& call);
  // So many commands, then the script, as one transaction; the script's answer. `instead` does the
  // same in one script, which can tell whether it was done before.
  RedisReply write(const RedisParts& commands, std::size_t count, const ScriptCall& afterwards,
                   const std::function<ScriptCall()>& instead);
  // The script, then a command, as one transaction; both answers.
  std::array<RedisReply, 2> read(const ScriptCall& before, const RedisParts& command);
  // A command that changes nothing.
  RedisReply call(const RedisParts& command);

  // A connection that is not of those eight.
  struct Line {
    std::unique_ptr<RedisConnection> connection;  // null: none
    std::uint64_t address = 0;                    // the number of where it leads to
    bool has_scripts = false;
  };
  // Leaves a line alone that is up and leads to where the queue is; otherwise makes a new one, over
  // which `greet` has been called.
  void connect(Line& line, const std::function<void(RedisConnection&)>& greet);

 private:
  struct Member {
    Line line{.connection = nullptr, .has_scripts = true};
    std::string once;  // the key
    std::uint64_t calls = 0;
  };
  class Loan;

  // Calls the function, again if need be, until it throws neither RedisConnectionLost nor what
  // passes, or the bounds are reached. It is told whether it may have got through before.
  void persist(Line& line, const std::function<void(bool again)>& function);
  RedisReply run_on(const Member& member, const ScriptCall& call, bool again) const;
  // The parts that follow EVALSHA and the script.
  RedisParts start_of(const Member& member, const ScriptCall& call, bool again) const;
  RedisParts script_command(const Member& member, const ScriptCall& call) const;
  RedisReply take_script_answer(redisReply& answers, std::size_t i, const Member& member,
                                const ScriptCall& call) const;
  void load_scripts(RedisConnection& connection);
  void replicate(RedisConnection& connection) const;

  void open(Line& line);
  bool leads_here(const Line& line);
  // Whether a refusal is one for now; goes where it points to.
  bool passes(const RedisRefusal& refusal, Line& line);
  void move_to(std::string_view place);
  void return_to_start();

  std::unique_ptr<Member> borrow();
  void give_back(std::unique_ptr<Member> member) noexcept;

  const RedisSettings settings_;
  const RedisKeys keys_;
  const std::string name_;
  std::array<std::string, kRedisScripts> hashes_;

  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Member>> idle_;
  std::size_t members_ = 0;
  // Where the queue is: in a cluster, another node than the one in the url.
  ServerUrl::Server server_;
  std::uint64_t address_ = 1;
};

}  // namespace waybill::queue::internal
