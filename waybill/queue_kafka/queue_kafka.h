// queue_kafka: queues in Kafka, for processes of many machines.
//
//   waybill::queue::enable_kafka();
//   auto queue = waybill::queue::open("kafka://10.0.0.1,10.0.0.2?queue=invoices&partitions=12");
//
//   kafka://[USER:PASSWORD@]HOST[:9092][,HOST2...]?queue=NAME[&timeout=MS][&partitions=N]
//           [&replicas=N][&trim=yes]
//     timeout      of each thing asked of a server, 5000 ms where not said; 100 to 600000
//     partitions   of topics that are made here, 1 where not said; so many processes receive at a
//                  time, and order is kept within a partition only
//     replicas     of topics that are made here; where not said, what the cluster is set to
//     trim         delete what is settled from the topics, about once a minute
//
// NAME is the name of a topic, letters, digits, '.', '_' and '-'; anything else is refused. A user
// and password are sent as SASL/PLAIN without TLS: put a tunnel in between. Kafka 2.5 or later;
// tested with 3.9, one server, librdkafka 2.0.2.
//
// A queue is four topics, which open() makes with retention.ms=-1 if they are not there:
//   NAME         what is sent
//   NAME.retry   what is sent with a delay, or put back for longer than a second
//   NAME.dead    dead letters, by their ids; compacted
//   NAME.keys    deduplication keys and parts that have arrived; compacted
// The value of a record is the body, and each header, traceparent among them, is a header of
// Kafka's; one more, "waybill", is of Waybill's own. Other programs may send to NAME whatever they
// like (a record's key becomes the header "kafka-key") and read what they like under consumer
// groups of their own. Headers whose name has a NUL are refused. A message is at most 32 MiB, if
// the server takes that. NAME and NAME.retry grow for good unless trim=yes is said by those who
// receive, or Kafka's retention is set to what one is willing to lose.
//
// All that a process opens of one queue are one member of the consumer group "waybill.NAME"; it
// joins with the first receive(), which waits for that, and leaves when the last handle and
// delivery are gone. Which messages behind the group's offset are settled, and how often each of
// the others was handed out and until when, is the metadata of that offset, so that acks count one
// by one and in any order, and attempts whoever takes over. To receive() is a commit, and so are
// acks; dead letters and what is put back for longer than a second are transactions. Calls of many
// threads at a time are written together. Order is that of the partition; priorities hold among the
// 10,000 messages (64 MiB) that are read ahead. What is delayed is in the memory of the process
// that has its partition. Times are those of the senders' and receivers' clocks, which should
// agree.
//
// send() of one message without a key waits for all in-sync replicas; several are a transaction.
// Whoever sends with a deduplication key, calls arrive() or takes out dead letters takes turns with
// all others that do: a process that was interrupted needs about a second to go on. counts(),
// peek() and what concerns dead letters read the topics, from the group's offset to the end: for
// people and for gauges, not for each message.
//
// How durable that is: acks=all, and as many replicas as the topics have. A Kafka server does not
// wait for its disk: kill -9 of one loses nothing, power loss of all replicas at a time may.
//
// What fails:
//   a server is away: send() throws when the time-out has passed; whether the messages are in the
//     queue is not known then. Settlements return false and are counted
//     (Counts::failed_settlements). Who waits in receive() goes on waiting, and is told (Error)
//     when the wait is over. The same Queue and its deliveries go on when the server is back.
//   a producer is killed: its batch is there as a whole or not at all. What was sent to the same
//     partition after it was begun is not received before the server has given the batch up, ten to
//     twenty seconds later (with timeout=5000).
//   a consumer is killed: the group gives its partitions to another after ten seconds; what it had
//     in hand comes back when its visibility time-out has passed as well (in whole seconds), its
//     attempt count one higher.
//   a process joins or leaves: partitions that move to another take with them what is in flight.
//     Settlements of the earlier one return false; the messages come back after their visibility
//     time-out.
//
// Across fork() nothing of this is usable: open in the child.
//
// This room uses core, propagation and queue.
#pragma once

namespace waybill::queue {

// Makes open() know "kafka:". Thread-safe; more than once is once.
void enable_kafka();

}  // namespace waybill::queue
