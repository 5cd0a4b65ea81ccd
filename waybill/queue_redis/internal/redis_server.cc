#include <algorithm>
#include <charconv>
#include <optional>
#include <thread>
#include <utility>

#include <waybill/core/ids.h>
#include <waybill/queue_redis/internal/redis_server.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t kMostConnections = 8;

// Before the n-th repetition, from 0 on; empty: there is none. Close to two seconds in all.
std::optional<milliseconds> pause_before(int repetition) noexcept {
  constexpr int kMostRepetitions = 8;
  constexpr milliseconds kLongest{640};
  if (repetition == kMostRepetitions) return std::nullopt;
  return std::min(kLongest, milliseconds(10 << repetition));
}

// Out of what a transaction answered. Throws it if it is an error.
RedisReply take_answer(redisReply& answers, std::size_t i) {
  if (answers.type != REDIS_REPLY_ARRAY || i >= answers.elements) {
    throw RedisRefusal("a transaction was not answered as one");
  }
  RedisReply answer(std::exchange(answers.element[i], nullptr));
  if (answer->type == REDIS_REPLY_ERROR) throw RedisRefusal(std::string(text_of(*answer)));
  return answer;
}

}  // namespace

// A connection that is somebody's for now.
class RedisServer::Loan {
 public:
  explicit Loan(RedisServer& server) : server_(server), member_(server.borrow()) {}
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  ~Loan() { server_.give_back(std::move(member_)); }

  Member* operator->() const noexcept { return member_.get(); }
  Member& operator*() const noexcept { return *member_; }

 private:
  RedisServer& server_;
  std::unique_ptr<Member> member_;
};

RedisServer::RedisServer(RedisSettings settings)
    : settings_(std::move(settings)),
      keys_(settings_.queue),
      name_(SpanId::random().to_hex()),
      server_(settings_.server) {
  idle_.reserve(kMostConnections);
  const Loan member(*this);
  persist(member->line, [](bool) {});
}

void RedisServer::load_scripts(RedisConnection& connection) {
  RedisParts commands;
  for (std::size_t i = 0; i < kRedisScripts; ++i) {
    commands.append_command({"SCRIPT", "LOAD", source_of(static_cast<RedisScript>(i))});
  }
  const RedisReply hashes = connection.transact(kRedisScripts, commands);
  // The same each time; and the first time nobody else is here yet.
  if (!hashes_.front().empty()) return;
  for (std::size_t i = 0; i < kRedisScripts; ++i) {
    hashes_[i] = text_of(*take_answer(*hashes, i));
  }
}

RedisReply RedisServer::run(RedisScript script, const RedisParts& arguments,
                            std::span<const std::string> more_keys) {
  const ScriptCall call{script, arguments, {more_keys.begin(), more_keys.end()}};
  const Loan member(*this);
  ++member->calls;
  RedisReply reply;
  persist(member->line, [&](bool again) { reply = run_on(*member, call, again); });
  return reply;
}

RedisReply RedisServer::run_and_replicate(const ScriptCall& call) {
  const Loan member(*this);
  ++member->calls;
  RedisReply reply;
  persist(member->line, [&](bool again) {
    reply = run_on(*member, call, again);
    replicate(*member->line.connection);
  });
  return reply;
}

RedisReply RedisServer::write(const RedisParts& commands, std::size_t count,
                              const ScriptCall& afterwards,
                              const std::function<ScriptCall()>& instead) {
  const Loan member(*this);
  ++member->calls;
  RedisReply reply;
  persist(member->line, [&](bool again) {
    RedisConnection& connection = *member->line.connection;
    if (again) {
      reply = run_on(*member, instead(), true);
    } else {
      const RedisReply answers =
          connection.transact(count + 1, commands, script_command(*member, afterwards));
      for (std::size_t i = 0; i < count; ++i) take_answer(*answers, i);
      reply = take_script_answer(*answers, count, *member, afterwards);
    }
    replicate(connection);
  });
  return reply;
}

std::array<RedisReply, 2> RedisServer::read(const ScriptCall& before, const RedisParts& command) {
  const Loan member(*this);
  std::array<RedisReply, 2> replies;
  persist(member->line, [&](bool) {
    RedisParts second;
    second.append_command(command);
    const RedisReply answers =
        member->line.connection->transact(2, script_command(*member, before), second);
    // Without the script, the rest has been done all the same.
    replies[0] = take_script_answer(*answers, 0, *member, before);
    replies[1] = take_answer(*answers, 1);
  });
  return replies;
}

RedisReply RedisServer::take_script_answer(redisReply& answers, std::size_t i, const Member& member,
                                           const ScriptCall& call) const {
  try {
    return take_answer(answers, i);
  } catch (const RedisRefusal& refusal) {
    if (!refusal.begins_with("NOSCRIPT")) throw;
  }
  return run_on(member, call, false);
}

RedisReply RedisServer::run_on(const Member& member, const ScriptCall& call, bool again) const {
  RedisConnection& connection = *member.line.connection;
  const RedisParts start = start_of(member, call, again);
  try {
    return connection.call({"EVALSHA", hashes_[static_cast<std::size_t>(call.script)]}, start,
                           call.arguments);
  } catch (const RedisRefusal& refusal) {
    if (!refusal.begins_with("NOSCRIPT")) throw;
  }
  // Somebody flushed the scripts.
  return connection.call({"EVAL", source_of(call.script)}, start, call.arguments);
}

RedisParts RedisServer::script_command(const Member& member, const ScriptCall& call) const {
  RedisParts parts{"EVALSHA", hashes_[static_cast<std::size_t>(call.script)]};
  parts.append(start_of(member, call, false));
  parts.append(call.arguments);
  RedisParts command;
  command.append_command(parts);
  return command;
}

RedisParts RedisServer::start_of(const Member& member, const ScriptCall& call, bool again) const {
  RedisParts start;
  const std::vector<RedisKey>& keys = keys_of(call.script);
  start.add(std::ssize(keys) + std::ssize(call.more_keys));
  for (const RedisKey key : keys) start.add(key == RedisKey::kOnce ? member.once : keys_[key]);
  for (const std::string& key : call.more_keys) start.add(key);
  start.add(static_cast<std::int64_t>(member.calls));
  start.add(again ? "1" : "0");
  return start;
}

void RedisServer::replicate(RedisConnection& connection) const {
  if (settings_.replicas == 0) return;
  const RedisReply have = connection.call({"WAIT", std::to_string(settings_.replicas),
                                           std::to_string(settings_.timeout.count() / 2 + 1)});
  if (have->integer >= settings_.replicas) return;
  throw RedisRefusal("the server has it, but only " + std::to_string(have->integer) + " of " +
                     std::to_string(settings_.replicas) + " replicas have");
}

RedisReply RedisServer::call(const RedisParts& command) {
  const Loan member(*this);
  RedisReply reply;
  persist(member->line, [&](bool) { reply = member->line.connection->call(command); });
  return reply;
}

void RedisServer::connect(Line& line, const std::function<void(RedisConnection&)>& greet) {
  if (line.connection != nullptr && leads_here(line)) return;
  line.connection.reset();
  persist(line, [&](bool) { greet(*line.connection); });
}

void RedisServer::persist(Line& line, const std::function<void(bool again)>& function) {
  const auto start = steady_clock::now();
  for (int repetition = 0;; ++repetition) {
    const bool was_open = line.connection != nullptr;
    const std::optional<milliseconds> pause = pause_before(repetition);
    const auto goes_on = [&] { return pause && steady_clock::now() - start < settings_.timeout; };
    try {
      open(line);
      return function(repetition > 0);
    } catch (const RedisConnectionLost&) {
      if (line.connection == nullptr) return_to_start();
      line.connection.reset();
      if (!goes_on()) throw;
      // One that broke while nobody used it tells nothing of how the next will fare.
      if (was_open) continue;
    } catch (const RedisRefusal& refusal) {
      if (!passes(refusal, line) || !goes_on()) throw;
    } catch (...) {
      line.connection.reset();  // an answer may be half read
      throw;
    }
    std::this_thread::sleep_for(*pause);
  }
}

void RedisServer::open(Line& line) {
  if (line.connection != nullptr && leads_here(line)) return;
  line.connection.reset();
  ServerUrl::Server server;
  {
    const std::lock_guard lock(mutex_);
    server = server_;
    line.address = address_;
  }
  auto connection = std::make_unique<RedisConnection>(server, settings_);
  if (line.has_scripts) load_scripts(*connection);
  line.connection = std::move(connection);
}

bool RedisServer::leads_here(const Line& line) {
  const std::lock_guard lock(mutex_);
  return line.address == address_;
}

bool RedisServer::passes(const RedisRefusal& refusal, Line& line) {
  if (refusal.begins_with("MOVED ")) {
    const std::string_view words = refusal.what();
    move_to(words.substr(words.rfind(' ') + 1));
    return true;
  }
  // A replica, or a master that has become one: who is asked next may be told better.
  if (refusal.begins_with("READONLY") || refusal.begins_with("MASTERDOWN")) {
    line.connection.reset();
    return_to_start();
    return true;
  }
  for (const std::string_view for_now : {"LOADING", "BUSY ", "CLUSTERDOWN", "TRYAGAIN", "ASK "}) {
    if (refusal.begins_with(for_now)) return true;
  }
  return false;
}

void RedisServer::move_to(std::string_view place) {
  const std::size_t colon = place.rfind(':');
  std::uint16_t port = 0;
  if (colon == std::string_view::npos) return;
  std::from_chars(place.data() + colon + 1, place.data() + place.size(), port);
  const std::lock_guard lock(mutex_);
  // A node that does not know its own name means the one that was asked.
  if (colon > 0) server_.host = place.substr(0, colon);
  server_.port = port;
  ++address_;
}

void RedisServer::return_to_start() {
  const std::lock_guard lock(mutex_);
  if (server_ == settings_.server) return;
  server_ = settings_.server;
  ++address_;
}

std::unique_ptr<RedisServer::Member> RedisServer::borrow() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [this] { return !idle_.empty() || members_ < kMostConnections; });
  if (idle_.empty()) {
    auto member = std::make_unique<Member>();
    member->once = keys_.once(name_ + "-" + std::to_string(members_));
    ++members_;
    return member;
  }
  auto member = std::move(idle_.back());
  idle_.pop_back();
  return member;
}

void RedisServer::give_back(std::unique_ptr<Member> member) noexcept {
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(member));
  }
  returned_.notify_one();
}

}  // namespace waybill::queue::internal
