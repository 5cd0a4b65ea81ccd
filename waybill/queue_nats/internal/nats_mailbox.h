// NatsMailbox: what a connection's own threads share with those that ask.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include <waybill/queue_nats/internal/nats_handles.h>

namespace waybill::queue::internal {

class NatsCall;

struct NatsMailbox {
  // From the client library's threads.
  void set_up(bool is_up) noexcept;
  void receive(natsConnection* connection, NatsMessage message);

  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::uint64_t, NatsCall*> calls;
  std::atomic<std::uint64_t> last_call = 0;
  // Deliveries that no pull waits for any more, while somebody is about to pull.
  std::vector<NatsMessage> strays;
  int takers = 0;
  std::uint64_t rings = 0;
  std::uint64_t notices = 0;
  std::uint64_t breaks = 0;
};

}  // namespace waybill::queue::internal
