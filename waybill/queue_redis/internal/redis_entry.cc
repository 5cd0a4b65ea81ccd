#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <waybill/queue/internal/header_codec.h>
#include <waybill/queue_redis/internal/redis_entry.h>
#include <waybill/queue_redis/internal/redis_scripts.h>

namespace waybill::queue::internal {

namespace {

constexpr std::size_t kMostDigits = 15;
constexpr std::size_t kMostAttemptDigits = 9;
constexpr std::size_t kLongestName = 64;

using Field = std::pair<std::string_view, std::string_view>;
using Fields = std::span<const Field>;

template <class Number>
std::optional<Number> number(std::string_view text, std::size_t most_digits) {
  Number value = 0;
  const char* end = text.data() + text.size();
  if (text.empty() || text.size() > most_digits || text.front() == '-') return std::nullopt;
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

Time time_of(std::int64_t milliseconds) {
  return Time(std::chrono::milliseconds(milliseconds));
}

// What the field "waybill" says.
struct Label {
  std::int64_t sent = 0;
  std::string_view name = "-";
  std::uint32_t attempts = 0;
  char priority = 0;
  std::string_view claim = "-";
  char kind = 'w';
};

std::optional<Label> read_label(std::string_view text) {
  Label label;
  const auto sent = number<std::int64_t>(text.substr(0, text.find(' ')), kMostDigits);
  if (!sent) return std::nullopt;
  label.sent = *sent;
  if (text.find(' ') == std::string_view::npos) return label;
  std::vector<std::string_view> words;
  while (words.size() < 7) {
    const std::size_t end = text.find(' ');
    words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  if (words.size() != 6 || words[1].empty() || words[1].size() > kLongestName) return std::nullopt;
  const auto attempts = number<std::uint32_t>(words[2], kMostAttemptDigits);
  const auto is_one_of = [](std::string_view word, std::string_view letters) {
    return word.size() == 1 && letters.find(word) != std::string_view::npos;
  };
  if (!attempts || !is_one_of(words[3], "lnh") || words[4].empty() ||
      !is_one_of(words[5], "wfWF")) {
    return std::nullopt;
  }
  label.name = words[1];
  label.attempts = *attempts;
  label.priority = words[3].front();
  label.claim = words[4];
  label.kind = words[5].front();
  return label;
}

Priority priority_of(char letter) noexcept {
  switch (letter) {
    case 'l':
      return Priority::kLow;
    case 'h':
      return Priority::kHigh;
    default:
      return Priority::kNormal;
  }
}

std::vector<Field> fields_of(const redisReply& reply) {
  std::vector<Field> fields;
  fields.reserve(reply.elements / 2);
  for (std::size_t i = 0; i + 1 < reply.elements; i += 2) {
    fields.emplace_back(text_of(*reply.element[i]), text_of(*reply.element[i + 1]));
  }
  return fields;
}

template <class Pairs>
void read_ours(const Pairs& fields, Message& message) {
  message.body = fields.front().second;
  message.headers.reserve(fields.size() - 1);
  for (std::size_t i = 1; i < fields.size(); ++i) {
    message.headers.emplace_back(fields[i].first, fields[i].second);
  }
}

template <class Pairs>
void read_foreign(const Pairs& fields, Message& message) {
  bool has_body = false;
  std::string lines;
  for (const auto& [name, value] : fields) {
    if (name == "body" && !has_body) {
      message.body = value;
      has_body = true;
    } else {
      message.headers.emplace_back(name, value);
      if (!has_body) lines.append(name).append(": ").append(value).append("\n");
    }
  }
  if (!has_body) message.body = std::move(lines);
}

template <class Pairs>
void read_as(char kind, const Pairs& fields, Message& message) {
  const bool is_ours = kind == 'w' && !fields.empty() && fields.front().first == "body";
  is_ours ? read_ours(fields, message) : read_foreign(fields, message);
}

// As the scripts see it too.
bool fits(char kind, Fields fields) {
  switch (kind) {
    case 'f':
      return true;
    case 'w':
      return !fields.empty() && fields.front().first == "body";
    default:
      return fields.size() == 1 && fields.front().first == "packed";
  }
}

void read_content(char kind, Fields fields, Message& message) {
  if (kind == 'w' || kind == 'f') return read_as(kind, fields, message);
  const std::optional<Headers> unpacked = decode(fields.front().second);
  unpacked ? read_as(kind == 'W' ? 'w' : 'f', *unpacked, message) : read_foreign(fields, message);
}

bool is_packed(const Message& message) noexcept {
  return 2 * message.headers.size() > kRedisMostParts;
}

}  // namespace

char letter_of(Priority priority) noexcept {
  switch (priority) {
    case Priority::kLow:
      return 'l';
    case Priority::kHigh:
      return 'h';
    default:
      return 'n';
  }
}

std::size_t parts_of_entry(const Message& message) noexcept {
  return is_packed(message) ? 4 : 4 + 2 * message.headers.size();
}

void add_entry(RedisParts& parts, const Message& message, Time now) {
  const std::string sent = std::to_string(now.time_since_epoch().count());
  parts.add("waybill");
  if (is_packed(message) || message.delay.count() != 0) {
    parts.add(sent + " - 0 " + letter_of(message.priority) + " - " +
              (is_packed(message) ? 'W' : 'w'));
  } else {
    parts.add(sent);
  }
  if (is_packed(message)) {
    parts.add("packed");
    parts.add(encode({{"body", message.body}}) + encode(message.headers));
    return;
  }
  parts.add("body");
  parts.add(message.body);
  for (const auto& [name, value] : message.headers) {
    parts.add(name);
    parts.add(value);
  }
}

RedisEntry read_entry(std::string_view ref, const redisReply& reply) {
  const std::vector<Field> all = fields_of(reply);
  const Fields fields = all;
  RedisEntry entry;
  const std::string_view stream_id = ref.substr(1);
  const auto added = time_of(
      number<std::int64_t>(stream_id.substr(0, stream_id.find('-')), kMostDigits).value_or(0));
  entry.dead_at = added;

  const bool is_labelled = !fields.empty() && fields.front().first == "waybill";
  const auto label = is_labelled ? read_label(fields.front().second) : std::nullopt;
  const bool is_dead = ref.starts_with('x');
  const bool has_reason = is_dead && fields.size() > 1 && fields[1].first == "reason";
  if (has_reason) entry.reason = fields[1].second;
  const Fields rest = fields.subspan(std::min<std::size_t>(has_reason ? 2 : 1, fields.size()));
  if (label && has_reason == is_dead && fits(label->kind, rest)) {
    read_content(label->kind, rest, entry.message);
    entry.id = label->name == "-" ? ref : label->name;
    entry.attempts = label->attempts;
    entry.sent = time_of(label->sent);
    if (label->claim != "-") entry.earlier_claim = label->claim;
    entry.message.priority = priority_of(label->priority != 0 ? label->priority : ref.front());
  } else {
    read_foreign(fields, entry.message);
    entry.id = ref;
    entry.sent = added;
    entry.message.priority = priority_of(ref.front());
  }
  return entry;
}

}  // namespace waybill::queue::internal
