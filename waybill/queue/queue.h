// queue: work on its way from one part of a system to another, with its waybill.
//
// One interface to send and receive messages; whatever is sent carries the ids and the baggage of
// the context that was current at the sender, and whoever receives it gets them back, with the
// fields that travel (propagation/propagator.h); other fields go in the body, if the sender puts
// them there (propagation/envelope.h). Two kinds so far:
//
//   memory:NAME               within one process; the same name is the same queue
//   sqlite:PATH?queue=NAME    a file that processes of one machine share; survives kill -9
//
//   auto queue = waybill::queue::open("sqlite:/var/lib/shop/work.db?queue=invoices");
//   queue->send({.body = payload});                             // durable when it returns
//
//   while (auto delivery = queue->receive(30s)) {               // elsewhere
//     Scope scope{delivery->context().child()};
//     print_invoice(delivery->body());
//     delivery->ack();
//   }
//
// Delivery is at least once: a message that is not settled within its visibility time-out comes
// back. The first in is the first out, as long as none has to come back; one that does joins the
// end of the line.
//
// This room uses core and propagation. Read on in message.h, delivery.h, memory_queue.h and
// sqlite_queue.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <waybill/queue/delivery.h>
#include <waybill/queue/message.h>

namespace waybill::queue {

struct Options {
  // How long a consumer has to settle what it received, and so how long a message of a consumer
  // that crashed stays away. 1 ms to ten years. Counts for what is received through this Queue.
  std::chrono::milliseconds visibility_timeout = std::chrono::seconds(30);
  // SQLite: how long a call waits while another process writes to the file. Where a process has
  // opened a file already, what was said then holds.
  std::chrono::milliseconds busy_timeout = std::chrono::seconds(5);
};

struct Counts {
  // May be received now.
  std::size_t ready = 0;
  // Sent or retried with a delay that has not passed.
  std::size_t delayed = 0;
  // Received, not settled, time-out not passed.
  std::size_t in_flight = 0;
  std::size_t dead = 0;
  // How often this process could not write to the queue's storage that a message was settled.
  std::uint64_t failed_settlements = 0;
};

// Thread-safe: any number of threads may call anything at once. Dropping it discards nothing that
// the queue holds on its own, and leaves deliveries usable.
class Queue {
 public:
  Queue() = default;
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  virtual ~Queue() = default;

  // Adds the ambient context to the headers as default_propagator() writes it for a trusted
  // receiver (traceparent, tracestate, baggage with travelling fields, X-Trace-ID), unless there is
  // a trace in them already: a message that is passed on keeps the waybill it came with. Then
  // sends; several messages as one batch, all or none, in the order given. Throws waybill::Error
  // when the queue's storage fails: nothing has been sent then.
  void send(Message message);
  void send(std::vector<Message> messages);

  // Up to `max` messages, the first in line first. Waits up to `wait` for at least one and does not
  // wait for more; empty when none came. Throws waybill::Error when the queue's storage fails.
  std::vector<Delivery> receive(std::size_t max, std::chrono::milliseconds wait);
  std::optional<Delivery> receive(std::chrono::milliseconds wait);

  // Delivery::ack() of each, in one go: in SQLite that is one write to the disk instead of many.
  // Returns for how many it was true.
  std::size_t ack(std::span<Delivery> deliveries);

  // A snapshot, by counting: for gauges and people rather than for each message. Throws
  // waybill::Error when the queue's storage fails.
  virtual Counts counts() = 0;

  // The oldest `max` of them. Throws waybill::Error when the queue's storage fails.
  virtual std::vector<DeadLetter> dead_letters(std::size_t max) = 0;

 protected:
  // What kinds of queue implement. Not called with nothing to do; messages may be moved from;
  // durations are within 0 to ten years.
  virtual void do_send(std::span<Message> messages) = 0;
  virtual std::vector<Delivery> do_receive(std::size_t max, std::chrono::milliseconds wait) = 0;
  // One answer per lease, which may be another queue's. As it stands: asks each in turn.
  virtual std::vector<Settlement> do_ack(std::span<Lease* const> leases);
};

// Throws waybill::Error when the url is none of the above, an option is out of its range, or the
// file cannot be used.
std::unique_ptr<Queue> open(std::string_view url, const Options& options = {});

}  // namespace waybill::queue
