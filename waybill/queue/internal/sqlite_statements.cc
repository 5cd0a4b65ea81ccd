#include <waybill/queue/internal/sqlite_statements.h>

namespace waybill::queue::internal {

namespace {

// The place at the end of the line, whatever the lane. Each lane by itself, for which the index has
// the answer at its end.
constexpr const char* kLastTurn =
    "SELECT MAX(turn) FROM ("
    "SELECT MAX(turn) AS turn FROM messages WHERE queue = ?1 AND state = 0 AND lane = 0 UNION ALL "
    "SELECT MAX(turn) FROM messages WHERE queue = ?1 AND state = 0 AND lane = 1 UNION ALL "
    "SELECT MAX(turn) FROM messages WHERE queue = ?1 AND state = 0 AND lane = 2)";

}  // namespace

// States are those of sqlite_schema.h: 0 ready, 1 delayed, 2 in flight. A message that is due again
// is looked for in states 1 and 2 apart, each in the order of the index, instead of sorting both.
SqliteStatements::SqliteStatements(const Database& database)
    : insert_queue(database, "INSERT INTO queues(name) VALUES(?1) ON CONFLICT DO NOTHING"),
      queue_number(database, "SELECT id FROM queues WHERE name = ?1"),
      last_turn(database, kLastTurn),
      insert_message(database,
                     "INSERT INTO messages(queue, state, lane, turn, priority, attempts, "
                     "enqueued_at) "
                     "VALUES(?1, ?2, CASE ?2 WHEN 0 THEN 2 - ?5 ELSE 0 END, ?3, ?5, 0, ?4)"),
      insert_payload(database, "INSERT INTO payloads(id, headers, body) VALUES(?1, ?2, ?3)"),
      due(database,
          "SELECT id, turn FROM messages "
          "WHERE queue = ?1 AND state = 1 AND lane = 0 AND turn <= ?2 "
          "UNION ALL "
          "SELECT id, turn FROM messages "
          "WHERE queue = ?1 AND state = 2 AND lane = 0 AND turn <= ?2 "
          "ORDER BY 2, 1 LIMIT ?3"),
      make_ready(database,
                 "UPDATE messages SET state = 0, lane = 2 - priority, turn = ?2 WHERE id = ?1"),
      ready(database,
            "SELECT m.id, m.attempts, m.enqueued_at, p.headers, p.body "
            "FROM messages m LEFT JOIN payloads p ON p.id = m.id "
            "WHERE m.queue = ?1 AND m.state = 0 ORDER BY m.lane, m.turn, m.id LIMIT ?2"),
      make_in_flight(
          database,
          "UPDATE messages SET state = 2, lane = 0, turn = ?2, attempts = ?3 WHERE id = ?1"),
      delete_message(database, "DELETE FROM messages WHERE id = ?1 AND attempts = ?2"),
      delete_payload(database, "DELETE FROM payloads WHERE id = ?1"),
      move(database,
           "UPDATE messages SET state = ?3, lane = CASE ?3 WHEN 0 THEN 2 - priority ELSE 0 END, "
           "turn = ?4 WHERE id = ?1 AND attempts = ?2"),
      insert_dead(database,
                  "INSERT INTO dead_letters(id, queue, reason, priority, attempts, enqueued_at, "
                  "dead_at) SELECT id, queue, ?3, priority, attempts, enqueued_at, ?4 "
                  "FROM messages WHERE id = ?1 AND attempts = ?2"),
      count(database,
            "SELECT SUM(state = 0 OR turn <= ?2), SUM(state = 1 AND turn > ?2), "
            "SUM(state = 2 AND turn > ?2) FROM messages WHERE queue = ?1"),
      count_dead(database, "SELECT COUNT(*) FROM dead_letters WHERE queue = ?1"),
      peek(database,
           "SELECT m.id, m.attempts, m.enqueued_at, m.state, m.priority, m.turn, p.headers, p.body "
           "FROM messages m LEFT JOIN payloads p ON p.id = m.id WHERE m.queue = ?1 "
           "ORDER BY CASE m.state WHEN 0 THEN 0 WHEN 2 THEN 1 ELSE 2 END, m.lane, m.turn, m.id "
           "LIMIT ?2"),
      dead_letters(database,
                   "SELECT d.id, d.reason, d.attempts, d.enqueued_at, d.dead_at, p.headers, p.body "
                   "FROM dead_letters d LEFT JOIN payloads p ON p.id = d.id "
                   "WHERE d.queue = ?1 ORDER BY d.dead_at, d.id LIMIT ?2"),
      revive_dead(database,
                  "INSERT INTO messages(queue, state, lane, turn, priority, attempts, enqueued_at) "
                  "SELECT queue, 0, 2 - priority, ?3, priority, 0, enqueued_at "
                  "FROM dead_letters WHERE id = ?1 AND queue = ?2"),
      move_payload(database, "UPDATE payloads SET id = ?2 WHERE id = ?1"),
      delete_dead(database, "DELETE FROM dead_letters WHERE id = ?1 AND queue = ?2"),
      insert_key(database,
                 "INSERT INTO deduplication(queue, key, until) VALUES(?1, ?2, ?3) "
                 "ON CONFLICT(queue, key) DO UPDATE SET until = excluded.until WHERE until <= ?4"),
      forget_keys(database, "DELETE FROM deduplication WHERE queue = ?1 AND until <= ?2"),
      insert_arrival(database,
                     "INSERT INTO arrivals(queue, team, part, result, arrived_at) "
                     "VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING"),
      forget_arrivals(database, "DELETE FROM arrivals WHERE queue = ?1 AND arrived_at < ?2"),
      count_arrivals(database, "SELECT count(*) FROM arrivals WHERE queue = ?1 AND team = ?2"),
      arrivals(database,
               "SELECT result FROM arrivals WHERE queue = ?1 AND team = ?2 ORDER BY part"),
      first_turn(database,
                 "SELECT turn FROM messages WHERE queue = ?1 AND state = ?2 "
                 "ORDER BY lane, turn LIMIT 1"),
      data_version(database, "PRAGMA data_version") {}

}  // namespace waybill::queue::internal
