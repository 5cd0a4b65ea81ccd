// SqliteStatements: all that the SQLite queue says to SQLite while it works, prepared once.
#pragma once

#include <waybill/queue/internal/sqlite.h>

namespace waybill::queue::internal {

// Parameters are listed where the text is, in sqlite_statements.cc; the tables are described in
// sqlite_schema.h. Throws SqliteError when the tables are not there.
struct SqliteStatements {
  explicit SqliteStatements(const Database& database);

  Statement insert_queue, queue_number;
  Statement last_turn, insert_message, insert_payload;
  Statement due, make_ready, ready, make_in_flight;
  // But for delete_payload these take a claim, id and attempts, and do nothing when it is stale.
  Statement delete_message, delete_payload, move, insert_dead;
  Statement count, count_dead, peek, dead_letters;
  Statement revive_dead, move_payload, delete_dead;
  // insert_key changes nothing where the key is known.
  Statement insert_key, forget_keys;
  Statement insert_arrival, forget_arrivals, count_arrivals, arrivals;
  Statement first_turn, data_version;
};

}  // namespace waybill::queue::internal
