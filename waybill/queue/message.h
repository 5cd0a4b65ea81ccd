// Message: what goes into a queue. DeadLetter: what is kept of one that nobody could use.
//
//   queue->send({.body = payload});
//   queue->send({.body = payload, .headers = {{"content-type", "application/json"}}, .delay = 5s});
//
// Plain values; a body is any bytes, NUL and invalid UTF-8 included, and comes out as it went in.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace waybill::queue {

// In the order in which they were given. A name may occur more than once; Queue::send() adds those
// that carry the context.
using Headers = std::vector<std::pair<std::string, std::string>>;

using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::milliseconds>;

// Of what is ready, messages of a higher one are received first, whenever they were sent.
enum class Priority : std::uint8_t { kLow, kNormal, kHigh };

struct Message {
  std::string body = {};
  Headers headers = {};
  // How long nobody gets to see it. Below zero counts as zero, above ten years as ten years.
  std::chrono::milliseconds delay{0};
  Priority priority = Priority::kNormal;
  // Where one of the same key was sent within Options::deduplication_window, whatever has become of
  // it, this one is not sent. Empty: is sent. At most 256 bytes.
  std::string deduplication_key = {};
};

// A message that stays in the queue while somebody looks at it.
struct QueuedMessage {
  enum class State : std::uint8_t { kReady, kDelayed, kInFlight };

  std::string id;
  std::string body;
  Headers headers;
  State state = State::kReady;
  Priority priority = Priority::kNormal;
  // How often it has been delivered.
  std::uint32_t attempts = 0;
  Time enqueued_at;
};

struct DeadLetter {
  std::string id;
  std::string body;
  Headers headers;
  std::string reason;
  // How often it had been delivered.
  std::uint32_t attempts = 0;
  // When it was sent, and when it was given up.
  Time enqueued_at;
  Time dead_at;
};

}  // namespace waybill::queue
