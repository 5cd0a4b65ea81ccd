// NatsNames: what belongs to a queue in NATS. NAME stands for the queue's, as a token.
//
//   stream waybill_NAME         a work queue: the subjects waybill.NAME.high, .normal and .low are
//   the
//                               line, waybill.NAME.later.DUE.PRIORITY is what is put off until DUE
//                               (ms since 1970). Each has a durable pull consumer: "high",
//                               "normal", "low" and "later"
//   stream waybill-dead_NAME    waybill.NAME.dead.ID: dead letters
//   stream waybill-notes_NAME   waybill.NAME.claim.SEQUENCE: by whom a message may be settled that
//   has
//                               been delivered more than once, or with a visibility time-out of its
//                               own; waybill.NAME.part.GROUP.INDEX: what arrive() was told.
//                               Forgotten after ten days
//   stream waybill-keys_NAME    waybill.NAME.key.KEY: deduplication keys
//   waybill.NAME.bell           a plain subject: "there is something to receive"
//   waybill.NAME.mixed          another: "not all is of normal priority"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <waybill/core/sha256.h>
#include <waybill/queue/message.h>

namespace waybill::queue::internal {

class NatsNames {
 public:
  explicit NatsNames(std::string_view queue)
      : token_(token(queue)), start_("waybill." + token_ + ".") {}

  std::string line_stream() const { return "waybill_" + token_; }
  std::string dead_stream() const { return "waybill-dead_" + token_; }
  std::string notes_stream() const { return "waybill-notes_" + token_; }
  std::string keys_stream() const { return "waybill-keys_" + token_; }

  std::string line(Priority priority) const { return start_ + name_of(priority); }
  std::string all_lines() const { return start_ + '*'; }
  std::string later(std::int64_t due, Priority priority) const {
    return start_ + "later." + std::to_string(due) + '.' + name_of(priority);
  }
  std::string all_later() const { return start_ + "later.*.*"; }
  std::string dead(std::string_view id) const { return start_ + "dead." + token(id); }
  std::string all_dead() const { return start_ + "dead.*"; }
  std::string claim(std::uint64_t sequence) const {
    return start_ + "claim." + std::to_string(sequence);
  }
  std::string all_claims() const { return start_ + "claim.*"; }
  std::string part(std::string_view group, std::uint32_t index) const {
    return start_ + "part." + token(group) + '.' + std::to_string(index);
  }
  std::string all_parts() const { return start_ + "part.*.*"; }
  std::string key(std::string_view key) const { return start_ + "key." + token(key); }
  std::string all_keys() const { return start_ + "key.*"; }
  std::string bell() const { return start_ + "bell"; }
  std::string mixed() const { return start_ + "mixed"; }

  static std::string name_of(Priority priority) {
    return priority == Priority::kHigh ? "high" : priority == Priority::kLow ? "low" : "normal";
  }

  // Any text as one word of a subject or of a stream's name; different texts are different words.
  // Not with '%': the server takes it for its own in a stream's name.
  static std::string token(std::string_view text) {
    constexpr std::size_t kLongest = 120;
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
      const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                            (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (is_plain) {
        out += c;
        continue;
      }
      const auto byte = static_cast<unsigned char>(c);
      out.append({'=', kDigits[byte >> 4], kDigits[byte & 15]});
    }
    if (!out.empty() && out.size() <= kLongest) return out;
    return "==" + to_hex(sha256(text));  // no other begins like this
  }

 private:
  std::string token_;
  std::string start_;
};

}  // namespace waybill::queue::internal
