// queue_redis: queues in a Redis server, for processes of many machines.
//
//   waybill::queue::enable_redis();
//   auto queue = waybill::queue::open("redis://127.0.0.1:6379?queue=invoices");
//
//   redis://[USER:PASSWORD@]HOST[:6379][/DATABASE]?queue=NAME[&timeout=MS][&replicas=N]
//     timeout    of a connection attempt and of each answer, 5000 ms where not said; 1 to 3600000
//     replicas   how many replicas have to have what send() sends, 0 where not said; see below
//
// Redis 6.2 or later (tested with 7.0), which has to allow scripts, transactions and publishing; an
// ACL user needs "~waybill:*" and "&waybill:*". No TLS: the client library (hiredis 0.14) has none;
// put a tunnel in between.
//
// A queue is a handful of keys that begin with "waybill:{NAME}:", and so lives on one node of a
// cluster, which is found by itself; '%', '{' and '}' in NAME are percent-encoded there. Messages
// are entries of the streams "low", "normal" and "high", read by the consumer group "waybill":
// XINFO GROUPS tells how far it is. The first field of an entry is "waybill", of Waybill's own, the
// second "body", and each header, traceparent among them, is a field that follows under its own
// name. Other programs may XADD to these streams whatever they like: of what they add, the field
// "body" is the body and the others are headers; without such a field, the body is one line
// "name: value" for each. Nobody has to wait for what they add longer than a second. Other programs
// must not read with the group.
//
// Each call is a script or a transaction, hence whole or not at all, and one round trip (receive()
// two, where nothing is there): a batch of sends, deliveries or acks too. Where there are other
// priorities than the normal one, messages are handed out by a script, which costs the server
// several times as much. receive() gives at most 1000 messages at a time, and peek() 10,000. Time
// is the server's. Who waits in receive() is woken by a send at once: of all that wait the one that
// has waited longest; a Queue has up to eight connections for calls and one more if it waits.
//
// How durable that is depends on the server alone:
//   appendonly yes, appendfsync always     what was sent or settled survives kill -9 and power loss
//   appendonly yes, appendfsync everysec   survives kill -9; power loss takes the last second or
//                                          two: messages of that time are lost, settlements come
//                                          undone, and the messages come back
//   appendonly no (Redis's default)        what has changed since the last snapshot is lost, or
//                                          comes undone, in both cases
// A fail-over to a replica loses what the replica does not have yet; with replicas=N send() throws
// unless N replicas have it (WAIT), which makes that less likely, no more. The server must not
// evict: maxmemory-policy noeviction. When its memory is full, what adds to it throws (send(),
// retry_dead_letter(), arrive()), and the rest works.
//
// What fails:
//   the connection breaks, or the server restarts: calls are repeated for up to two seconds, and up
//     to the time-out if the server does not answer; then they throw waybill::Error, settlements
//     return false and are counted (Counts::failed_settlements). The same Queue and its deliveries
//     go on when the server is back. A repeated send or settlement is done once, even if the first
//     attempt had come through and only its answer was lost. If send() throws because of the
//     connection, whether the messages are in the queue is not known. What receive() was about to
//     hand over when it broke comes back after the visibility time-out.
//   a producer is killed: its batch is there as a whole or not at all.
//   a consumer is killed: what it had not settled comes back after the visibility time-out, its
//     attempt count one higher. If it was just being woken, another that waits takes its place
//     within a second.
//   the server is killed: as above, and what appendfsync says.
//
// Across fork() nothing of this is usable: open in the child.
//
// This room uses core, propagation and queue.
#pragma once

namespace waybill::queue {

// Makes open() know "redis:". Thread-safe; more than once is once.
void enable_redis();

}  // namespace waybill::queue
