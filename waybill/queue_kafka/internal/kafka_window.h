// KafkaWindow: what has become of the messages of one partition that lie behind the offset which
// the consumer group has committed.
//
// Kafka keeps one number for a group and partition, up to which all is done; a queue settles its
// messages one by one and in any order, and counts how often each has been handed out. The window
// is that knowledge. It is written as the metadata of the committed offset, of which Kafka takes
// 4096 bytes, so that whoever takes the partition over goes on exactly where it stood.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <waybill/queue/message.h>

namespace waybill::queue::internal {

class KafkaWindow {
 public:
  // Of a message that has been handed out from where it stands.
  struct Claim {
    // May be zero for one that was in flight when it was written there.
    std::uint32_t attempts = 1;
    // Nobody else gets it before. Written in whole seconds, rounded up.
    Time until;
    // In a consumer's hands, or put back to wait.
    bool in_flight = true;

    bool operator==(const Claim&) const = default;
  };

  explicit KafkaWindow(std::int64_t base = 0) noexcept : base_(base) {}

  // What is committed. Empty when the text is not what encode() writes: somebody else has set the
  // group's offset.
  static std::optional<KafkaWindow> decode(std::int64_t base, std::string_view text);
  // `roughly`: shorter, as if all claims ended with the last of them.
  std::string encode(bool roughly = false) const;

  // All below is settled: the offset to commit.
  std::int64_t base() const noexcept { return base_; }
  bool is_settled(std::int64_t offset) const;
  // Null where it has not been handed out, or is settled.
  const Claim* claim_on(std::int64_t offset) const;

  // From `begin` to before `end`: acked, written elsewhere, or no messages at all.
  void settle(std::int64_t begin, std::int64_t end);
  void claim(std::int64_t offset, const Claim& claim) { claims_[offset] = claim; }

  // Behind the last one that something has become of.
  std::int64_t end() const noexcept;

 private:
  std::int64_t base_;
  // Ends by beginnings.
  std::map<std::int64_t, std::int64_t> settled_;
  std::map<std::int64_t, Claim> claims_;
};

}  // namespace waybill::queue::internal
