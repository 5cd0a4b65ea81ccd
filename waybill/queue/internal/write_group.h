// WriteGroup: what several threads change in a database at the same time is one transaction.
//
// A transaction waits for the disk, and a disk takes as long for one change as for a hundred. So
// whoever comes while another thread's transaction is being written waits with the others, and the
// first of them then makes all of their changes, each for itself, and commits them together.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <span>

#include <waybill/queue/internal/sqlite.h>
#include <waybill/queue/internal/turnstile.h>

namespace waybill::queue::internal {

class WriteGroup {
 public:
  // The database is used with its mutex held.
  WriteGroup(Database& database, FairMutex& database_mutex, Turnstile& turnstile) noexcept
      : database_(database), database_mutex_(database_mutex), turnstile_(turnstile) {}
  WriteGroup(const WriteGroup&) = delete;
  WriteGroup& operator=(const WriteGroup&) = delete;

  // Returns when the change is on the disk. It may be made by another thread. What it throws is
  // thrown here, and undoes this change alone; what the transaction throws, to all that are in it.
  // Thread-safe; not to be called by a change.
  void commit(const std::function<void()>& change);

 private:
  struct Write {
    const std::function<void()>& change;
    bool done = false;
    std::exception_ptr error = nullptr;
  };

  void write(std::span<Write* const> writes) noexcept;
  void write_one_of_many(Write& write);

  Database& database_;
  FairMutex& database_mutex_;
  Turnstile& turnstile_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Write*> waiting_;  // the first one writes
};

}  // namespace waybill::queue::internal
