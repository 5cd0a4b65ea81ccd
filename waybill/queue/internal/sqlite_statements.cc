#include <waybill/queue/internal/sqlite_statements.h>

namespace waybill::queue::internal {

// States are those of sqlite_schema.h: 0 ready, 1 delayed, 2 in flight. A message that is due again
// is looked for in states 1 and 2 apart, each in the order of the index, instead of sorting both.
SqliteStatements::SqliteStatements(const Database& database)
    : insert_queue(database, "INSERT INTO queues(name) VALUES(?1) ON CONFLICT DO NOTHING"),
      queue_number(database, "SELECT id FROM queues WHERE name = ?1"),
      last_turn(database, "SELECT MAX(turn) FROM messages WHERE queue = ?1 AND state = 0"),
      insert_message(database,
                     "INSERT INTO messages(queue, state, turn, attempts, enqueued_at) "
                     "VALUES(?1, ?2, ?3, 0, ?4)"),
      insert_payload(database, "INSERT INTO payloads(id, headers, body) VALUES(?1, ?2, ?3)"),
      due(database,
          "SELECT id, turn FROM messages WHERE queue = ?1 AND state = 1 AND turn <= ?2 "
          "UNION ALL "
          "SELECT id, turn FROM messages WHERE queue = ?1 AND state = 2 AND turn <= ?2 "
          "ORDER BY 2, 1 LIMIT ?3"),
      make_ready(database, "UPDATE messages SET state = 0, turn = ?2 WHERE id = ?1"),
      ready(database,
            "SELECT m.id, m.attempts, m.enqueued_at, p.headers, p.body "
            "FROM messages m LEFT JOIN payloads p ON p.id = m.id "
            "WHERE m.queue = ?1 AND m.state = 0 ORDER BY m.turn, m.id LIMIT ?2"),
      make_in_flight(database,
                     "UPDATE messages SET state = 2, turn = ?2, attempts = ?3 WHERE id = ?1"),
      delete_message(database, "DELETE FROM messages WHERE id = ?1 AND attempts = ?2"),
      delete_payload(database, "DELETE FROM payloads WHERE id = ?1"),
      move(database, "UPDATE messages SET state = ?3, turn = ?4 WHERE id = ?1 AND attempts = ?2"),
      insert_dead(database,
                  "INSERT INTO dead_letters(id, queue, reason, attempts, enqueued_at, dead_at) "
                  "SELECT id, queue, ?3, attempts, enqueued_at, ?4 FROM messages "
                  "WHERE id = ?1 AND attempts = ?2"),
      count(database,
            "SELECT SUM(state = 0 OR turn <= ?2), SUM(state = 1 AND turn > ?2), "
            "SUM(state = 2 AND turn > ?2) FROM messages WHERE queue = ?1"),
      count_dead(database, "SELECT COUNT(*) FROM dead_letters WHERE queue = ?1"),
      dead_letters(database,
                   "SELECT d.id, d.reason, d.attempts, d.enqueued_at, d.dead_at, p.headers, p.body "
                   "FROM dead_letters d LEFT JOIN payloads p ON p.id = d.id "
                   "WHERE d.queue = ?1 ORDER BY d.dead_at, d.id LIMIT ?2"),
      first_turn(database, "SELECT MIN(turn) FROM messages WHERE queue = ?1 AND state = ?2"),
      data_version(database, "PRAGMA data_version") {}

}  // namespace waybill::queue::internal
