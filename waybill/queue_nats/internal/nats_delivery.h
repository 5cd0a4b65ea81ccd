// NatsDelivery: a message that a consumer was given, and what it takes to settle it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/queue_nats/internal/nats_entry.h>

namespace waybill::queue::internal {

struct NatsDelivery {
  std::string ack;       // the subject to which it is settled
  std::string consumer;  // "high", "normal", "low" or "later"
  std::uint64_t sequence = 0;
  std::uint64_t delivery = 0;  // the consumer's count
  std::uint32_t times = 1;     // that it has been delivered, as far as the consumer knows
  std::uint64_t behind = 0;    // how many the consumer has yet to deliver

  NatsLabel label;
  std::shared_ptr<const Message> message;

  std::uint32_t attempt = 1;
  // Until then nobody else can have it.
  std::chrono::steady_clock::time_point safe_until;
  // The sequence of our claim among the notes; zero: none is there, or was when it was delivered.
  std::uint64_t claim = 0;
  // Ours for good: nobody who has it, or gets it, may settle it.
  bool is_won = false;
};

// Of a delivery's subject: "high", "normal", "low" or "later".
std::string_view read_consumer(std::string_view ack);

// Without a label and a message where it is not a delivery.
NatsDelivery read_delivery(natsMsg& message);

}  // namespace waybill::queue::internal
