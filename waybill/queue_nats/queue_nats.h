// queue_nats: queues in NATS JetStream, for processes of many machines, on one server or on several
// that replace each other.
//
//   waybill::queue::enable_nats();
//   auto queue = waybill::queue::open("nats://10.0.0.1,10.0.0.2?queue=invoices&replicas=3");
//
//   nats://[USER:PASSWORD@|TOKEN@]HOST[:4222][,HOST2[:PORT]...]?queue=NAME
//         [&timeout=MS][&replicas=N][&tls=on|FILE]
//     timeout    of a call, with all its repetitions: 5000 ms where not said, 30000 with replicas;
//                1 to 60000
//     replicas   how many servers have what send() returned from: 1 where not said, 3 or 5 in a
//                cluster. Counts when the queue is made
//     tls        encrypt; servers have to be known to the system's authorities (on) or to those in
//                FILE (PEM)
//
// NATS 2.9 or later (tested with 2.9.10), with JetStream. A user needs to publish to "waybill.>",
// "$JS.API.>" and "$JS.ACK.>", and to subscribe to "waybill.>" and "_INBOX.>".
//
// A queue is a work-queue stream "waybill_NAME", whose subjects waybill.NAME.high, .normal and .low
// each have a durable pull consumer of that name; nats_names.h tells the rest. Headers, traceparent
// among them, are headers of the NATS message, but for those that NATS cannot carry. Other programs
// may publish to these subjects whatever they like, and nobody has to wait for it longer than a
// second. They must not use the consumers.
//
// A message, its headers included, has to fit into the server's max_payload (1 MB where not said);
// its headers into 64 KB. A batch of sends is on its way at once and keeps its order, but it is no
// transaction, which NATS 2.9 has none of: if send() throws, or its process is killed, the first
// part of a batch may be there without the rest. What is too large is refused before anything is
// sent. receive() gives at most 1000 messages at a time. Each send and settlement is confirmed by
// the server. A retry and a dead letter are two steps, the message's copy and the end of the
// original: whoever is killed in between leaves both.
//
// The visibility time-out of whoever made the queue is the consumers' (ack_wait); whoever opens it
// with another one sets it for each message that it receives (nak with a delay), at the price of a
// note for each. What is not settled in time comes back to the front of the line, not to its end.
// JetStream lets whoever has received a message settle it; a delivery that is late makes sure by a
// note that nobody else has it. Time is the server's for time-outs and the sender's for delays,
// deduplication keys and notes: clocks that differ by a second make a difference of a second.
//
// What is delayed is given back to the server until it is due. Who waits in receive() is woken by a
// send within a millisecond; what another program publishes, or a killed consumer had, is found
// within a second. Counts: what has timed out counts as in flight until it is handed out again,
// unless it has a note.
//
// How durable that is depends on the server: it writes what it has confirmed to a file, and syncs
// the file every two minutes (sync_interval). So with one server, what was sent survives kill -9,
// and the last minutes do not survive a power failure; with replicas=3 it survives whatever becomes
// of one of the servers. Settlements are confirmed by the leader alone: if that is killed, those of
// the last moments come undone, and the messages come back.
//
// What fails:
//   the connection breaks, or a server is killed: calls are repeated up to the time-out, on any
//     server that can be reached; then they throw waybill::Error, settlements return false and are
//     counted (Counts::failed_settlements). The same Queue and its deliveries go on when there is a
//     server again. A repeated send is stored once. If send() throws because of the connection,
//     whether the messages are in the queue is not known. What receive() was about to hand over
//     when it broke comes back after the visibility time-out.
//   a leader is killed: the others elect another one, which takes 4 to 10 s, more on a busy
//     machine; the stream and each consumer have a leader each. Calls wait for them. One
//     that stays silent for six seconds is asked to step down. What was in flight may be delivered
//     again before its time-out, and now and then under the attempt that it had. A second server
//     may go once the first is back and has caught up.
//   a consumer is killed: what it had not settled comes back after the visibility time-out, its
//     attempt count one higher.
//   a receiver gives up just as messages come: they go back at once, their attempt count one
//     higher.
//
// Across fork() nothing of this is usable: open in the child.
//
// This room uses core, propagation and queue.
#pragma once

namespace waybill::queue {

// Makes open() know "nats:". Thread-safe; more than once is once.
void enable_nats();

}  // namespace waybill::queue
