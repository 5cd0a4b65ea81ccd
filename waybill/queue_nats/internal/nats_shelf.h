// NatsShelf: what a queue keeps besides messages on their way: dead letters, and parts that
// arrived.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue/message.h>
#include <waybill/queue_nats/internal/nats_jetstream.h>
#include <waybill/queue_nats/internal/nats_line.h>
#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

class NatsShelf {
 public:
  NatsShelf(NatsJetStream& jet, const NatsNames& names, NatsLine& line)
      : jet_(jet), names_(names), line_(line) {}

  // False: it is somebody else's.
  bool bury(NatsDelivery& delivery, std::string_view reason);
  std::vector<DeadLetter> dead_letters(std::size_t max);
  std::size_t dead();
  // False: there is none with that id.
  bool retry(std::string_view id);
  bool remove(std::string_view id);

  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result);

 private:
  NatsJetStream& jet_;
  const NatsNames& names_;
  NatsLine& line_;
};

}  // namespace waybill::queue::internal
