// RedisKeys: the names under which a queue is in Redis. All begin with "waybill:{NAME}:", whose
// braces make a cluster keep them on one node.
//
//   low, normal, high   streams: the line; in front of the group's position, what is in flight
//   later               a stream: what is put off
//   leases              a sorted set: whose visibility time-out was extended, by when it ends
//   delayed             a sorted set: what is in "later", by the time at which it is due
//   moved               a hash: of a delivery whose time-out has passed, where its message is now
//   dead, buried        a stream of dead letters; a hash that leads from their ids to its own
//   waiting             a sorted set: who waits for a message, by since when; and the channel
//                       "waiting:WHO" on which that one is told
//   timeouts            a set: the visibility time-outs in use, each a consumer "vMS" of the group
//   parked              a string: the group's position in "normal", while nothing is to be read
//   once:CONNECTION     the last answer that a connection got, for ten minutes
//   key:KEY             a deduplication key that is remembered
//   parts:GROUP         a hash of what arrive() was told
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace waybill::queue::internal {

// Those that have no name of their own in them, and kOnce.
enum class RedisKey : std::size_t {
  kLow,
  kNormal,
  kHigh,
  kLater,
  kLeases,
  kDelayed,
  kMoved,
  kDead,
  kBuried,
  kWaiting,
  kTimeouts,
  kParked,
  kOnce,
};
inline constexpr std::array<std::string_view, 13> kRedisKeyNames{
    "low",  "normal", "high",    "later",    "leases", "delayed", "moved",
    "dead", "buried", "waiting", "timeouts", "parked", "once"};

constexpr std::string_view name_of(RedisKey key) noexcept {
  return kRedisKeyNames[static_cast<std::size_t>(key)];
}

class RedisKeys {
 public:
  explicit RedisKeys(std::string_view queue) : start_("waybill:{" + encoded(queue) + "}:") {
    for (std::size_t i = 0; i < keys_.size(); ++i) keys_[i] = named(kRedisKeyNames[i], "");
  }

  // Not kOnce.
  const std::string& operator[](RedisKey key) const noexcept {
    return keys_[static_cast<std::size_t>(key)];
  }
  // The stream of 'l', 'n' or 'h'.
  const std::string& line(char letter) const noexcept {
    return (*this)[letter == 'l'   ? RedisKey::kLow
                   : letter == 'n' ? RedisKey::kNormal
                                   : RedisKey::kHigh];
  }

  std::string once(std::string_view connection) const { return named("once:", connection); }
  std::string deduplication(std::string_view key) const { return named("key:", key); }
  std::string parts(std::string_view group) const { return named("parts:", group); }
  std::string channel(std::string_view who) const { return named("waiting:", who); }

 private:
  // What stands between the braces must not have any.
  static std::string encoded(std::string_view queue) {
    std::string out;
    for (const char c : queue) {
      switch (c) {
        case '%':
          out += "%25";
          break;
        case '{':
          out += "%7B";
          break;
        case '}':
          out += "%7D";
          break;
        default:
          out += c;
      }
    }
    return out;
  }
  std::string named(std::string_view what, std::string_view which) const {
    return std::string(start_).append(what).append(which);
  }

  std::string start_;
  std::array<std::string, kRedisKeyNames.size()> keys_;
};

}  // namespace waybill::queue::internal
