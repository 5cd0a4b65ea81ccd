// outbox: messages that are committed together with the rows that they are about.
//
// A service that writes a row and then sends a message may crash in between, or send one for a row
// that is rolled back. With an outbox the message is a row itself, in the table waybill_outbox of
// the same database, written in the same transaction; a relay moves it to the queue once it is
// committed.
//
//   sqlite3* db = ...;                                        // the service's own
//   waybill::outbox::create_table(db);                        // once
//
//   BEGIN IMMEDIATE;
//   INSERT INTO orders(id, trace_id) VALUES(7, ?);            // bind waybill::trace_text()
//   waybill::outbox::add(db, "jobs", tasks.prepare_task("charge", {{"order", 7}}).message);
//   COMMIT;
//
//   // In the same process or another:
//   Relay relay(std::make_shared<SqliteOutbox>("shop.db", "jobs"),
//               waybill::queue::open("redis://localhost?queue=jobs"));
//   relay.run();                                              // until relay.stop()
//
// A message goes to the queue at least once, and, where one relay moves it and rows are committed
// in their order, in that order, unless the queue takes it only at a second attempt. What is sent
// again, because the relay crashed before it could delete the row, has the same deduplication key.
//
// For PostgreSQL: room outbox_postgres, the same calls with a PGconn. Programs in other languages
// write the rows themselves: sqlite_outbox.h has the columns.
//
// This room uses core, log and queue.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <waybill/queue/queue.h>

namespace waybill::outbox {

// What became of a message.
struct Sent {
  enum State : std::uint8_t {
    kSent,
    kKept,     // its row stays, and it is given again
    kRefused,  // its row stays, marked with the reason, and is not given again
  };
  State state = kSent;
  std::string reason;
};

// A table waybill_outbox and the rows in it that are for one queue. Used by one relay.
class Outbox {
 public:
  // What became of each, in their order.
  using Send = std::function<std::vector<Sent>(std::vector<queue::Message> messages)>;

  Outbox() = default;
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;
  virtual ~Outbox() = default;

  // Gives the `max` oldest messages to `send`, and deletes the rows of those that it has sent. A
  // row that is no message, or that is refused, is left where it is, with the reason in its column
  // `error`. Throws waybill::Error when the database fails, and what `send` throws; the rows are
  // there still.
  struct Moved {
    std::size_t sent = 0;
    std::size_t refused = 0;
  };
  virtual Moved move(std::size_t max, const Send& send) = 0;

  // Until there may be something to move, at most so long. Throws waybill::Error.
  virtual void wait(std::chrono::milliseconds longest) = 0;
};

struct RelayCounts {
  std::uint64_t moved = 0;
  std::uint64_t refused = 0;   // rows that are no messages, or that the queue does not take
  std::uint64_t failures = 0;  // of the database or the queue; each is tried again
};

// Moves what is committed to the queue. run() is called once; the others by any thread.
class Relay {
 public:
  Relay(std::shared_ptr<Outbox> outbox, std::shared_ptr<queue::Queue> queue);

  // Until stop(). What fails is logged once, by the logger "outbox", and tried again after a pause
  // that doubles, up to ten seconds. A message that the queue does not take is tried again as long
  // as none goes through; where another one does, and it fails once more, its row is marked and
  // left, so that those behind it go on.
  void run();
  void stop() noexcept;

  RelayCounts counts() const noexcept;

 private:
  bool is_stopping();
  std::vector<Sent> send(std::vector<queue::Message> messages);
  std::vector<Sent> send_one_by_one(const std::vector<queue::Message>& messages,
                                    const std::exception_ptr& why);
  void pause(std::chrono::milliseconds duration);

  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<queue::Queue> queue_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::atomic<std::uint64_t> moved_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
  std::atomic<std::uint64_t> failures_ = 0;
};

}  // namespace waybill::outbox
