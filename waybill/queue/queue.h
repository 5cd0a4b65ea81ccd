// queue: work on its way from one part of a system to another, with its waybill.
//
// One interface to send and receive messages; whatever is sent carries the ids and the baggage of
// the context that was current at the sender, and whoever receives it gets them back, with the
// fields that travel (propagation/propagator.h); other fields go in the body, if the sender puts
// them there (propagation/envelope.h). The url chooses the kind:
//
//   memory:NAME               within one process; the same name is the same queue
//   sqlite:PATH?queue=NAME    a file that processes of one machine share; survives kill -9
//   redis://HOST?queue=NAME   Redis Streams; room queue_redis
//   nats://HOST?queue=NAME    NATS JetStream; room queue_nats
//   kafka://HOST?queue=NAME   Kafka; room queue_kafka
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
// back. Of one priority, the first in is the first out, as long as none has to come back; one that
// does joins the end of the line. What each kind guarantees beyond that, and what it cannot do:
// docs/queues.md.
//
// This room uses core and propagation. Read on in message.h, delivery.h, memory_queue.h,
// sqlite_queue.h and kinds.h.
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
  // How long a deduplication key is remembered. 1 ms to ten years. Counts for what is sent through
  // this Queue.
  std::chrono::milliseconds deduplication_window = std::chrono::minutes(10);
  // Make the file, the stream or topics, and the queue where there are none; else Error.
  bool create = true;
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
  // sends; several messages as one batch, all or none, in the order given. Returns how many were
  // sent: all but those whose deduplication key was known. Throws waybill::Error when the queue's
  // storage fails, and for a key that is too long: nothing has been sent then.
  std::size_t send(Message message);
  std::size_t send(std::vector<Message> messages);

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

  // The first `max` in line, then those in flight, then those that are delayed. Nothing is
  // delivered. Throws waybill::Error when the queue's storage fails.
  virtual std::vector<QueuedMessage> peek(std::size_t max) = 0;

  // The oldest `max` of them. Throws waybill::Error when the queue's storage fails.
  virtual std::vector<DeadLetter> dead_letters(std::size_t max) = 0;
  // Puts one back at the end of the line, as it was sent, its attempts counted anew. False: there
  // is none with that id. Throws waybill::Error when the queue's storage fails.
  virtual bool retry_dead_letter(std::string_view id) = 0;
  // Forgets one. As above.
  virtual bool remove_dead_letter(std::string_view id) = 0;

  // Where the parts of something meet again that was done by many: notes that part `index` of
  // `total` has arrived with its result, as durable as messages are, and returns the results of all
  // in their order once none is missing, empty before. A part may arrive twice, and then counts by
  // what it brought first; whoever arrives when all are there is given the results again. What is
  // older than ten days is forgotten. Throws waybill::Error when the queue's storage fails.
  virtual std::vector<std::string> arrive(std::string_view group, std::uint32_t index,
                                          std::uint32_t total, std::string_view result) = 0;

 protected:
  // What kinds of queue implement. Not called with nothing to do; messages may be moved from;
  // durations are within 0 to ten years.
  virtual std::size_t do_send(std::span<Message> messages) = 0;
  virtual std::vector<Delivery> do_receive(std::size_t max, std::chrono::milliseconds wait) = 0;
  // One answer per lease, which may be another queue's. As it stands: asks each in turn.
  virtual std::vector<Settlement> do_ack(std::span<Lease* const> leases);
};

// What send() does to the headers of a message, for those who send it later, or elsewhere.
void add_context(Headers& headers);

// Throws waybill::Error when the url is none of the above or of a room that is not enabled, an
// option is out of its range, or the file or server cannot be used.
std::unique_ptr<Queue> open(std::string_view url, const Options& options = {});

}  // namespace waybill::queue
