// SqliteStore: one queue file as this process sees it: one connection, shared by all queues and
// deliveries of the file, and one mutex around it.
//
// Thread-safe. A call that fails throws SqliteError and has changed nothing. What is written is on
// the disk (fsync) when the call returns, in one transaction with what other threads write at the
// same time; the clock is read inside it, so that the order of ids and of times agrees between
// processes.
//
// Not to be used across fork(): open in the child.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <waybill/queue/internal/claim.h>
#include <waybill/queue/internal/sqlite.h>
#include <waybill/queue/internal/sqlite_statements.h>
#include <waybill/queue/internal/turnstile.h>
#include <waybill/queue/internal/write_group.h>
#include <waybill/queue/queue.h>

namespace waybill::queue::internal {

class SqliteStore {
 public:
  // This process's store of the file, opened now if it is not yet. Throws as open_queue_file().
  static std::shared_ptr<SqliteStore> open(const std::filesystem::path& file,
                                           std::chrono::milliseconds busy_timeout);

  // Use open(), which sees to it that there is one per file.
  SqliteStore(const std::filesystem::path& file, std::chrono::milliseconds busy_timeout);

  // The number under which the file knows a queue, which is made if need be; empty: there is none,
  // and none was to be made.
  std::optional<std::int64_t> queue_number(std::string_view name, bool create = true);

  // How many were sent.
  std::size_t send(std::int64_t queue, std::span<const Message> messages,
                   std::chrono::milliseconds deduplication_window);

  // Empty when nothing is ready. A message whose payload cannot be read becomes a dead letter.
  std::vector<Taken> take(std::int64_t queue, std::size_t max,
                          std::chrono::milliseconds visibility);

  // kDone or kLost for each.
  std::vector<Settlement> ack(std::span<const Claim> claims);
  // False when the claim is stale.
  bool retry(std::int64_t queue, Claim claim, std::chrono::milliseconds delay);
  bool dead_letter(Claim claim, std::string_view reason);
  bool extend(Claim claim, std::chrono::milliseconds visibility);

  Counts counts(std::int64_t queue);
  std::vector<QueuedMessage> peek(std::int64_t queue, std::size_t max);
  std::vector<DeadLetter> dead_letters(std::int64_t queue, std::size_t max);
  // False: there is none with that id.
  bool retry_dead_letter(std::int64_t queue, std::string_view id);
  bool remove_dead_letter(std::int64_t queue, std::string_view id);

  std::vector<std::string> arrive(std::int64_t queue, std::string_view group, std::uint32_t index,
                                  std::uint32_t total, std::string_view result);

  // When take() may have something, judged without writing to the file.
  struct Outlook {
    bool ready;
    // When something will be, if nothing changes. Time::max(): never.
    Time due;
    // What a change is told by: our own, and those of other processes.
    std::uint64_t our_changes;
    std::int64_t file_version;
  };
  Outlook look(std::int64_t queue);

  // Until something has changed since the outlook, or is due, or the deadline. Changes by this
  // process end the wait at once; others are looked for every 2 ms at first, then ever more rarely
  // down to every 20 ms, at the cost of no table read (PRAGMA data_version).
  void wait(const Outlook& outlook, std::chrono::steady_clock::time_point deadline);

 private:
  // All of these with the mutex held; those that write, in a transaction.
  void tell_waiting();
  std::int64_t file_version();
  std::int64_t last_turn(std::int64_t queue);
  void promote(std::int64_t queue, Time time);
  bool is_known(std::int64_t queue, const Message& message, Time time,
                std::chrono::milliseconds window);
  bool bury(Claim claim, std::string_view reason, Time time);

  FairMutex mutex_;
  std::condition_variable_any changed_;
  std::uint64_t our_changes_ = 0;
  Database database_;
  SqliteStatements statements_;
  Turnstile turnstile_;
  WriteGroup writes_{database_, mutex_, turnstile_};
};

}  // namespace waybill::queue::internal
