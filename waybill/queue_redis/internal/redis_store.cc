#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include <waybill/queue/internal/bounded.h>
#include <waybill/queue/internal/claim.h>
#include <waybill/queue_redis/internal/redis_store.h>

namespace waybill::queue::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// How many dead letters are read at a time.
constexpr std::size_t kPage = 100;

std::span<redisReply* const> elements_of(const redisReply& reply) noexcept {
  if (reply.type != REDIS_REPLY_ARRAY) return {};
  return {reply.element, reply.elements};
}

std::string_view text_at(std::span<redisReply* const> elements, std::size_t i) noexcept {
  return i < elements.size() ? text_of(*elements[i]) : std::string_view();
}

std::size_t count_at(std::span<redisReply* const> elements, std::size_t i) noexcept {
  if (i >= elements.size()) return 0;
  return static_cast<std::size_t>(std::max(0LL, elements[i]->integer));
}

bool says_yes(const RedisReply& reply) {
  return text_of(*reply) == "1";
}

// Entries, whose names become claims when the stream's letter is before them.
std::vector<RedisStore::Taken> taken_from(std::span<redisReply* const> entries,
                                          std::string_view letter) {
  std::vector<RedisStore::Taken> taken;
  taken.reserve(entries.size());
  for (const redisReply* entry : entries) {
    const auto parts = elements_of(*entry);
    if (parts.size() != 2 || text_at(parts, 0).empty()) continue;
    std::string claim(letter);
    claim += text_at(parts, 0);
    RedisEntry read = read_entry(claim, *parts[1]);
    taken.push_back({std::move(claim), std::move(read)});
  }
  return taken;
}

RedisServer::ScriptCall script_after(std::size_t sent) {
  return {RedisScript::kSent, {std::to_string(sent)}};
}

}  // namespace

bool RedisStore::open(bool create) {
  return text_of(*server_.run(RedisScript::kOpen, {create ? "1" : "0"})) == "there";
}

std::size_t RedisStore::send(std::span<const Message> messages, milliseconds window) {
  const Time time = now();
  const bool is_plain = std::ranges::all_of(messages, [](const Message& message) {
    return message.delay.count() == 0 && message.deduplication_key.empty();
  });
  const auto as_script = [&] { return script_that_sends(messages, window, time); };
  const RedisReply reply = is_plain
                               ? server_.write(commands_that_send(messages, time), messages.size(),
                                               script_after(messages.size()), as_script)
                               : server_.run_and_replicate(as_script());
  std::size_t sent = 0;
  const std::string_view text = text_of(*reply);
  std::from_chars(text.data(), text.data() + text.size(), sent);
  return sent;
}

RedisParts RedisStore::commands_that_send(std::span<const Message> messages, Time time) const {
  constexpr std::size_t kAroundABody = 256;
  RedisParts commands;
  std::size_t bytes = 0;
  for (const Message& message : messages) bytes += message.body.size() + kAroundABody;
  commands.reserve(bytes);
  for (const Message& message : messages) {
    commands.begin_command(3 + parts_of_entry(message));
    commands.append({"XADD", server_.keys().line(letter_of(message.priority)), "*"});
    add_entry(commands, message, time);
  }
  return commands;
}

RedisServer::ScriptCall RedisStore::script_that_sends(std::span<const Message> messages,
                                                      milliseconds window, Time time) const {
  RedisServer::ScriptCall call{RedisScript::kSend};
  const std::int64_t first_of_more = std::ssize(keys_of(RedisScript::kSend)) + 1;
  for (const Message& message : messages) {
    const char letter = letter_of(message.priority);
    call.arguments.add({&letter, 1});
    call.arguments.add(message.delay.count());
    if (message.deduplication_key.empty()) {
      call.arguments.add("0");
    } else {
      call.arguments.add(first_of_more + std::ssize(call.more_keys));
      call.more_keys.push_back(server_.keys().deduplication(message.deduplication_key));
    }
    call.arguments.add(window.count());
    call.arguments.add(static_cast<std::int64_t>(parts_of_entry(message)));
    add_entry(call.arguments, message, time);
  }
  return call;
}

std::vector<RedisStore::Taken> RedisStore::take(std::size_t max, milliseconds wait,
                                                milliseconds visibility) {
  const auto deadline = steady_clock::now() + wait;
  std::vector<Taken> taken = read(max, visibility);
  if (!taken.empty()) return taken;
  if (wait.count() == 0) return look(max, visibility, Look::kOnce).taken;
  const RedisWaiting::Turn turn(waiting_, deadline);
  if (turn.has_come()) return take_or_wait(max, visibility, deadline);
  return look(max, visibility, Look::kOnce).taken;
}

std::vector<RedisStore::Taken> RedisStore::read(std::size_t max, milliseconds visibility) {
  // Of what is lent for no longer than that, those who wait need to be told.
  if (is_mixed_ || visibility.count() < kRedisLookAgain) return {};
  const std::string timeout = std::to_string(visibility.count());
  const auto answers = [&]() -> std::array<RedisReply, 2> {
    try {
      return server_.read({RedisScript::kBeforeReading, {timeout}},
                          {"XREADGROUP", "GROUP", "waybill", "v" + timeout, "COUNT",
                           std::to_string(std::min(max, kRedisMostTaken)), "STREAMS",
                           server_.keys().line('n'), ">"});
    } catch (const RedisRefusal& refusal) {
      // Somebody removed the group, which look() makes anew; or the server's memory is full, and it
      // takes no transactions.
      if (!refusal.begins_with("NOGROUP") && !refusal.begins_with("OOM")) throw;
      return {};
    }
  }();
  if (answers[1] == nullptr) return {};
  is_mixed_ = text_of(*answers[0]) == "mixed";
  const auto streams = elements_of(*answers[1]);
  const auto stream = streams.empty() ? streams : elements_of(*streams.front());
  if (stream.size() != 2) return {};
  return taken_from(elements_of(*stream[1]), "n");
}

std::vector<RedisStore::Taken> RedisStore::take_or_wait(std::size_t max, milliseconds visibility,
                                                        steady_clock::time_point deadline) {
  bool has_waited = false;
  for (;;) {
    waiting_.listen();
    const bool is_last = steady_clock::now() >= deadline;
    Found found = look(max, visibility,
                       is_last      ? has_waited ? Look::kLastTime : Look::kOnce
                       : has_waited ? Look::kHavingWaited
                                    : Look::kAndWait);
    if (!found.taken.empty() || is_last) return std::move(found.taken);
    waiting_.wait_until(std::min(deadline, found.wait_until));
    has_waited = true;
  }
}

RedisStore::Found RedisStore::look(std::size_t max, milliseconds visibility, Look how) {
  const bool registered = how == Look::kHavingWaited || how == Look::kLastTime;
  const bool stays = how == Look::kAndWait || how == Look::kHavingWaited;
  RedisParts arguments;
  arguments.add(static_cast<std::int64_t>(std::min(max, kRedisMostTaken)));
  arguments.add(visibility.count());
  arguments.add(waiting_.who());
  arguments.add(registered ? "1" : "0");
  arguments.add(stays ? "1" : "0");
  const RedisReply reply = server_.run(RedisScript::kTake, arguments);

  Found found;
  const auto answer = elements_of(*reply);
  milliseconds wait(kRedisLookAgain);
  if (answer.size() == 3) {
    if (answer[0]->integer >= 0) wait = std::min(wait, milliseconds(answer[0]->integer));
    found.taken = taken_from(elements_of(*answer[1]), "");
    is_mixed_ = answer[2]->integer != 0;
  }
  found.wait_until = steady_clock::now() + wait;
  return found;
}

std::vector<Settlement> RedisStore::ack(std::span<const Acked> acked) {
  std::map<char, std::vector<std::size_t>> by_stream;
  for (std::size_t i = 0; i < acked.size(); ++i) by_stream[acked[i].claim.front()].push_back(i);
  RedisParts arguments;
  for (const auto& [letter, places] : by_stream) {
    arguments.add({&letter, 1});
    arguments.add(std::ssize(places));
    for (const std::size_t place : places) arguments.add(acked[place].claim.substr(1));
  }
  arguments.add("forget");
  for (const Acked& one : acked) {
    if (!one.earlier_claim.empty()) arguments.add(one.earlier_claim);
  }
  const RedisReply reply = server_.run(RedisScript::kAck, arguments);
  std::string_view answers = text_of(*reply);
  std::vector<Settlement> outcomes(acked.size(), Settlement::kLost);
  for (const auto& [letter, places] : by_stream) {
    for (const std::size_t place : places) {
      if (answers.starts_with('1')) outcomes[place] = Settlement::kDone;
      answers.remove_prefix(std::min<std::size_t>(1, answers.size()));
    }
  }
  return outcomes;
}

bool RedisStore::retry(std::string_view claim, milliseconds delay) {
  return says_yes(server_.run(RedisScript::kRetry, {claim, std::to_string(delay.count())}));
}

bool RedisStore::dead_letter(std::string_view claim, std::string_view reason) {
  return says_yes(server_.run(RedisScript::kDeadLetter, {claim, reason}));
}

bool RedisStore::extend(std::string& claim, milliseconds visibility) {
  const RedisReply reply =
      server_.run(RedisScript::kExtend, {claim, std::to_string(visibility.count())});
  if (text_of(*reply) == "0") return false;
  claim = text_of(*reply);
  return true;
}

Counts RedisStore::counts() {
  const RedisReply reply = server_.run(RedisScript::kCounts);
  const auto numbers = elements_of(*reply);
  return {.ready = count_at(numbers, 0),
          .delayed = count_at(numbers, 1),
          .in_flight = count_at(numbers, 2),
          .dead = count_at(numbers, 3)};
}

std::vector<QueuedMessage> RedisStore::peek(std::size_t max) {
  const RedisReply reply =
      server_.run(RedisScript::kPeek, {std::to_string(std::min(max, kRedisMostPeeked))});
  std::vector<QueuedMessage> messages;
  for (const redisReply* element : elements_of(*reply)) {
    const auto parts = elements_of(*element);
    if (parts.size() != 3 || text_at(parts, 1).empty()) continue;
    using State = QueuedMessage::State;
    const bool is_ready = text_at(parts, 0) == "r";
    const bool is_in_flight = text_at(parts, 0) == "f";
    RedisEntry entry = read_entry(text_at(parts, 1), *parts[2]);
    messages.push_back(
        {std::move(entry.id), std::move(entry.message.body), std::move(entry.message.headers),
         is_ready       ? State::kReady
         : is_in_flight ? State::kInFlight
                        : State::kDelayed,
         entry.message.priority, entry.attempts + (is_in_flight ? 1 : 0), entry.sent});
  }
  return messages;
}

std::vector<DeadLetter> RedisStore::dead_letters(std::size_t max) {
  std::vector<DeadLetter> letters;
  std::string after = "-";
  while (letters.size() < max) {
    const std::size_t page = std::min(kPage, max - letters.size());
    const RedisReply reply = server_.call(
        {"XRANGE", server_.keys()[RedisKey::kDead], after, "+", "COUNT", std::to_string(page)});
    const auto entries = elements_of(*reply);
    for (const redisReply* element : entries) {
      const auto parts = elements_of(*element);
      if (parts.size() != 2) continue;
      after = '(' + std::string(text_at(parts, 0));
      RedisEntry entry = read_entry('x' + std::string(text_at(parts, 0)), *parts[1]);
      letters.push_back({std::move(entry.id), std::move(entry.message.body),
                         std::move(entry.message.headers), std::move(entry.reason), entry.attempts,
                         entry.sent, entry.dead_at});
    }
    if (entries.size() < page) break;
  }
  return letters;
}

bool RedisStore::retry_dead_letter(std::string_view id) {
  return says_yes(server_.run(RedisScript::kRetryDead, {id}));
}

bool RedisStore::remove_dead_letter(std::string_view id) {
  return says_yes(server_.run(RedisScript::kRemoveDead, {id}));
}

std::vector<std::string> RedisStore::arrive(std::string_view group, std::uint32_t index,
                                            std::uint32_t total, std::string_view result) {
  const std::string key = server_.keys().parts(group);
  const RedisReply reply = server_.run(RedisScript::kArrive,
                                       {std::to_string(index), std::to_string(total), result,
                                        std::to_string(milliseconds(kArrivalsKept).count())},
                                       {&key, 1});
  std::map<std::uint32_t, std::string> by_index;
  const auto fields = elements_of(*reply);
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string_view number = text_at(fields, i);
    std::uint32_t part = 0;
    std::from_chars(number.data(), number.data() + number.size(), part);
    by_index.emplace(part, text_at(fields, i + 1));
  }
  std::vector<std::string> all;
  all.reserve(by_index.size());
  for (auto& [part, its_result] : by_index) all.push_back(std::move(its_result));
  return all;
}

}  // namespace waybill::queue::internal
