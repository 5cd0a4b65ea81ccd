// NatsKeys: deduplication keys, each remembered for as long as its sender says.
//
// A key's note is claimed before its message is sent, under an id that is made of that claim, and
// marked when the message is there. Whoever finds a claim without a mark sends its own message
// under the same id: JetStream keeps one of the two. So a sender that is killed in between keeps
// nobody from sending.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <waybill/queue/message.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

class NatsKeys {
 public:
  NatsKeys(NatsJetStream& jet, const NatsNames& names) : jet_(jet), names_(names) {}

  struct Key {
    bool is_known = false;
    std::string id;           // that the message has to have
    std::uint64_t claim = 0;  // to be marked; zero: not ours to mark
    std::string subject = {};
  };
  // For each message with a key that is to be sent.
  Key claim(const std::string& key, std::chrono::milliseconds window);
  // Their messages are there.
  void mark(std::span<const Key> keys, std::chrono::milliseconds window);

 private:
  void prepare(std::chrono::milliseconds window);

  NatsJetStream& jet_;
  const NatsNames& names_;
  std::mutex mutex_;
  std::chrono::milliseconds kept_{0};
};

}  // namespace waybill::queue::internal
