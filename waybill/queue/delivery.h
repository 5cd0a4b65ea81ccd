// Delivery: a message in a consumer's hands, to be settled by ack, retry or dead_letter.
//
//   for (Delivery& delivery : queue->receive(10, 1s)) {
//     Scope scope{delivery.context().child()};          // logs and spans join the sender's trace
//     if (handle(delivery.body())) delivery.ack();
//     else if (delivery.attempt() < 5) delivery.retry(delivery.attempt() * 2s);
//     else delivery.dead_letter("refused five times");
//   }
//
// Queue::receive() makes them. A delivery may outlive its Queue and be moved to another thread, but
// is used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <waybill/core/context.h>
#include <waybill/queue/lease.h>
#include <waybill/queue/message.h>

namespace waybill::queue {

class Delivery {
 public:
  // What is delivered, for those who write a queue.
  struct Contents {
    std::string id;
    std::shared_ptr<const Message> message;
    std::uint32_t attempt = 1;
    Time enqueued_at;
  };

  Delivery(Contents contents, std::unique_ptr<Lease> lease) noexcept
      : contents_(std::move(contents)), lease_(std::move(lease)) {}

  // Whatever is moved from may only be destroyed or assigned to.
  Delivery(Delivery&&) noexcept = default;
  Delivery& operator=(Delivery&&) noexcept = default;

  // Dropped unsettled, the message comes back, to any consumer, once its visibility time-out has
  // passed and not before. To have it back at once: retry().
  ~Delivery() = default;

  const std::string& body() const noexcept { return contents_.message->body; }
  const Headers& headers() const noexcept { return contents_.message->headers; }

  // Unique within the queue, the same at every attempt.
  const std::string& id() const noexcept { return contents_.id; }

  // 1 the first time. Counted when the message is handed out, so that one which takes its consumer
  // down with it can be told by a number that keeps rising.
  std::uint32_t attempt() const noexcept { return contents_.attempt; }

  // When it was sent, by the sender's clock.
  Time enqueued_at() const noexcept { return contents_.enqueued_at; }

  // The sender's context as the headers tell it to default_propagator(): ids, trace name,
  // tracestate, baggage and travelling fields; empty if they tell none. Read from the headers anew
  // at each call.
  Context context() const;

  // The three ways to settle. True: done, and durable where the queue is. False: this delivery did
  // not settle the message, because
  //   - its visibility time-out had passed and the message has been delivered again,
  //   - it is settled already: one delivery settles at most once, or
  //   - the queue's storage failed (counted in Counts::failed_settlements), after which the call
  //     may be repeated, or else the message comes back after its visibility time-out.
  // In every case somebody else has the message, or will have it: what false asks for is that the
  // work can be done twice. They throw nothing but std::bad_alloc.
  bool ack();
  // Back to the end of the line, `delay` from now.
  bool retry(std::chrono::milliseconds delay = {});
  // To the dead letters, body and headers intact. The reason is for people.
  bool dead_letter(std::string_view reason);

  // Starts the visibility time-out anew, `visibility` from now, for work that takes longer. False
  // as above.
  bool extend(std::chrono::milliseconds visibility);

  // Whether nothing is left to do here: settled, or known to be lost.
  bool settled() const noexcept { return lease_ == nullptr; }

 private:
  friend class Queue;

  bool settle(Settlement outcome) noexcept;

  Contents contents_;
  std::unique_ptr<Lease> lease_;
};

}  // namespace waybill::queue
