#include <algorithm>
#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue/internal/header_codec.h>
#include <waybill/queue_nats/internal/nats_shelf.h>
#include <waybill/queue_nats/internal/nats_streams.h>

namespace waybill::queue::internal {

namespace {

// What a dead letter has besides the headers of a message, in front of its body, as header_codec.h
// writes it; a reason may be any text.
constexpr const char* kReason = "reason";
constexpr const char* kPriority = "priority";
constexpr const char* kDeadLetter = "Waybill-Dead-Letter";

struct Kept {
  DeadLetter letter;
  Priority priority = Priority::kNormal;
};

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.append({kDigits[byte >> 4], kDigits[byte & 15]});
  }
  return out;
}

std::string from_hex(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

Kept read(const NatsKept& kept) {
  NatsEntry entry = read_entry(kept.headers, kept.body, kept.sequence, kept.stored);
  Kept found{.letter = {.id = std::move(entry.label.id),
                        .body = std::move(entry.message.body),
                        .headers = std::move(entry.message.headers),
                        .reason = {},
                        .attempts = entry.label.attempts,
                        .enqueued_at = entry.label.sent,
                        .dead_at = kept.stored}};
  for (const auto& [name, value] : kept.headers) {
    if (name != kDeadLetter) continue;
    const auto more = decode(from_hex(value));
    for (const auto& [key, text] : more.value_or(Headers())) {
      if (key == kReason) found.letter.reason = text;
      if (key == kPriority && text == "high") found.priority = Priority::kHigh;
      if (key == kPriority && text == "low") found.priority = Priority::kLow;
    }
  }
  return found;
}

}  // namespace

bool NatsShelf::bury(NatsDelivery& delivery, std::string_view reason) {
  constexpr std::size_t kLongestReason = 8'192;  // of the 64 KB that all headers have
  if (!line_.hold(delivery)) return false;
  jet_.need_stream(nats_dead_stream(names_, jet_.replicas()));
  NatsCall call(jet_.connection());
  natsMsg& letter = call.add(names_.dead(delivery.label.id), delivery.message->body);
  NatsLabel label = delivery.label;
  label.attempts = delivery.attempt;
  write_headers(letter, delivery.message->headers, label, delivery.sequence);
  const std::string more =
      to_hex(encode({{kReason, std::string(reason.substr(0, kLongestReason))},
                     {kPriority, NatsNames::name_of(delivery.message->priority)}}));
  check_nats(natsMsgHeader_Set(&letter, kDeadLetter, more.c_str()), "header");
  jet_.ask(call, names_.dead_stream());
  NatsJetStream::stored(call.answer(0));
  line_.finish(delivery, "+TERM");
  return true;
}

std::vector<DeadLetter> NatsShelf::dead_letters(std::size_t max) {
  std::vector<DeadLetter> letters;
  const std::string stream = names_.dead_stream();
  std::uint64_t from = 1;
  while (letters.size() < max) {
    const auto kept = jet_.next_of(stream, names_.all_dead(), from);
    if (!kept) break;
    letters.push_back(read(*kept).letter);
    from = kept->sequence + 1;
  }
  return letters;
}

std::size_t NatsShelf::dead() {
  try {
    return jet_.request("STREAM.INFO." + names_.dead_stream(), nlohmann::json::object())
        .at("state")
        .at("messages");
  } catch (const NatsRefusal& refusal) {
    if (refusal.code() == NatsJetStream::kNoStream) return 0;
    throw;
  }
}

bool NatsShelf::retry(std::string_view id) {
  const auto kept = jet_.last_of(names_.dead_stream(), names_.dead(id));
  if (!kept) return false;
  Kept found = read(*kept);
  const Message message{.body = std::move(found.letter.body),
                        .headers = std::move(found.letter.headers),
                        .priority = found.priority};
  const NatsLabel label{.id = found.letter.id, .attempts = 0, .sent = found.letter.enqueued_at};
  // Unlike any sequence in the line.
  constexpr std::uint64_t kFromTheDead = std::uint64_t{1} << 62;
  const NatsLine::Sent sent{&message, label, kFromTheDead + kept->sequence};
  line_.send({&sent, 1});
  return jet_.remove(names_.dead_stream(), kept->sequence);
}

bool NatsShelf::remove(std::string_view id) {
  const auto kept = jet_.last_of(names_.dead_stream(), names_.dead(id));
  return kept && jet_.remove(names_.dead_stream(), kept->sequence);
}

std::vector<std::string> NatsShelf::arrive(std::string_view group, std::uint32_t index,
                                           std::uint32_t total, std::string_view result) {
  const std::string stream = names_.notes_stream();
  jet_.need_stream(nats_notes_stream(names_, jet_.replicas()));
  if (!jet_.last_of(stream, names_.part(group, index))) {
    jet_.replace(stream, names_.part(group, index), result, 0);
  }
  // Most of those that arrive find that one is missing; looking from a place that differs from one
  // to the other, they find it soon.
  std::vector<std::string> results(total);
  const std::uint32_t start = total == 0 ? 0 : index * 2'654'435'761U % total;
  for (std::uint32_t i = 0; i < total; ++i) {
    const std::uint32_t part = (start + i) % total;
    auto kept = jet_.last_of(stream, names_.part(group, part));
    if (!kept) return {};
    results[part] = std::move(kept->body);
  }
  return results;
}

}  // namespace waybill::queue::internal
