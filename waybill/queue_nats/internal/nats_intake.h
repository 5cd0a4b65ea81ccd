// NatsIntake: how messages get from the line into hand.
//
// Pulls do not wait at the server: what they would be given when somebody is at work on something
// else would be lost to all others. Who waits is rung for, and then looks.
//
// Thread-safe. Throws NatsLost and NatsRefusal.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <waybill/queue_nats/internal/nats_attention.h>
#include <waybill/queue_nats/internal/nats_line.h>

namespace waybill::queue::internal {

class NatsIntake {
 public:
  NatsIntake(NatsJetStream& jet, const NatsNames& names, NatsClaims& claims, NatsLine& line,
             NatsAttention& attention)
      : jet_(jet), names_(names), claims_(claims), line_(line), attention_(attention) {}

  std::vector<NatsDelivery> take(std::size_t max, std::chrono::milliseconds wait,
                                 std::chrono::milliseconds visibility);

 private:
  using Clock = NatsConnection::Clock;

  class Turn;

  // What a consumer has now. One that counts nothing looks for as long as is said.
  std::vector<NatsMessage> pull(const char* consumer, std::size_t most,
                                std::chrono::milliseconds patience);
  // Consumers that say that they have nothing though there are more messages than are in hand: they
  // count what comes a little later than it is stored, and may have lost count.
  std::vector<const char*> overlooked();
  std::vector<NatsDelivery> take_strays(std::size_t max, std::chrono::milliseconds visibility);
  std::vector<NatsDelivery> look(std::size_t max, std::chrono::milliseconds visibility);
  std::vector<NatsDelivery> look_everywhere(std::size_t max, std::chrono::milliseconds visibility,
                                            std::chrono::milliseconds patience);
  std::vector<NatsDelivery> look_at(const char* consumer, std::size_t max,
                                    std::chrono::milliseconds visibility,
                                    std::chrono::milliseconds patience);
  std::vector<NatsDelivery> accepted(std::vector<NatsMessage> messages, Clock::time_point asked,
                                     std::chrono::milliseconds visibility);
  void accept(std::vector<NatsDelivery>& found, Clock::time_point asked,
              std::chrono::milliseconds visibility);
  // Puts in line what is due, has the others come back when they are. How many were due.
  std::size_t sort(std::vector<NatsMessage> later);
  std::vector<NatsDelivery> wait(std::size_t max, Clock::time_point deadline,
                                 std::chrono::milliseconds visibility);
  void put_off(const std::string& ack, std::chrono::nanoseconds delay);

  NatsJetStream& jet_;
  const NatsNames& names_;
  NatsClaims& claims_;
  NatsLine& line_;
  NatsAttention& attention_;

  std::mutex looking_;

  std::mutex turns_;
  std::condition_variable turn_over_;
  bool is_waiting_ = false;
};

}  // namespace waybill::queue::internal
