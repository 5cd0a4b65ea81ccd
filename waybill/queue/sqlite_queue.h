// SqliteQueue: a queue in a file, shared by the processes of one machine.
//
// Opened with queue::open("sqlite:PATH?queue=NAME"). One file holds any number of named queues.
// Beside it stand PATH-wal and PATH-shm, which belong to it and hold data, and PATH-turn, a lock
// with which processes take turns at writing. The file may be on any local disk; on a network file
// system SQLite's locks are not to be relied on.
//
// What is on the disk: send() and every way to settle return when it is (write-ahead log,
// synchronous=FULL: one fsync a call). A consumer that is killed loses nothing: what it had not
// settled comes back after the visibility time-out, its attempt count one higher. That something
// was received or extended is on the disk with the next write that is: after a power failure a
// message may come back under the attempt that it had.
//
// What fails (disk full, file damaged, the file locked by others for longer than busy_timeout):
//   send          throws waybill::Error: the messages are not in the queue
//   receive       throws waybill::Error, unless the file is merely locked: nothing is ready then
//   ack & co.     return false and are counted (Counts::failed_settlements)
//
// A process has one connection to a file, under one mutex, however many queues it opens on it.
// Threads that wait in receive() are woken at once by what their own process sends; what other
// processes send is noticed within 20 ms. Across fork() nothing of this is usable: open in the
// child.
//
// Visibility time-outs and delays are kept by the system's clock, because they outlive the process:
// setting the clock back makes them longer by as much.
#pragma once

#include <memory>
#include <string>

#include <waybill/queue/queue.h>

namespace waybill::queue {

namespace internal {
class SqliteAccess;
}

class SqliteQueue final : public Queue {
 public:
  // Creates the file and the queue if there are none. Throws waybill::Error, which names the file,
  // when it cannot be written to, is damaged, or holds something else.
  SqliteQueue(const std::string& file, const std::string& name, const Options& options);

  Counts counts() override;
  std::vector<QueuedMessage> peek(std::size_t max) override;
  std::vector<DeadLetter> dead_letters(std::size_t max) override;
  bool retry_dead_letter(std::string_view id) override;
  bool remove_dead_letter(std::string_view id) override;
  std::vector<std::string> arrive(std::string_view group, std::uint32_t index, std::uint32_t total,
                                  std::string_view result) override;

 protected:
  std::size_t do_send(std::span<Message> messages) override;
  std::vector<Delivery> do_receive(std::size_t max, std::chrono::milliseconds wait) override;
  std::vector<Settlement> do_ack(std::span<Lease* const> leases) override;

 private:
  std::shared_ptr<internal::SqliteAccess> access_;
  std::chrono::milliseconds visibility_timeout_;
  std::chrono::milliseconds deduplication_window_;
};

}  // namespace waybill::queue
