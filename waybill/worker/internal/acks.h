// Acks: acks what has succeeded, many at a time.
//
// While one batch is written to the disk, or is on its way to a server, the next one gathers, for a
// millisecond at least where it is not complete before, and the pool's threads go on with other
// jobs. One thread, from begin() to end().
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <waybill/queue/queue.h>

namespace waybill::worker::internal {

class Acks {
 public:
  // Told after each batch how many were acked, and how many belong to somebody else by now or could
  // not be acked. Throws nothing.
  using Done = std::function<void(std::size_t acked, std::size_t lost)>;

  // So many are a complete batch.
  Acks(std::shared_ptr<queue::Queue> queue, std::size_t together, Done done)
      : queue_(std::move(queue)), together_(together), done_(std::move(done)) {}
  Acks(const Acks&) = delete;
  Acks& operator=(const Acks&) = delete;
  ~Acks() { end(); }

  // Throws std::system_error where there is no thread to be had.
  void begin();
  // Once all are acked that were added before. What is added later is acked at once.
  void end() noexcept;

  void add(queue::Delivery delivery);

 private:
  void run();
  void ack(std::vector<queue::Delivery> batch) noexcept;

  const std::shared_ptr<queue::Queue> queue_;
  const std::size_t together_;
  const Done done_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<queue::Delivery> waiting_;
  bool running_ = false;
  std::thread thread_;
};

}  // namespace waybill::worker::internal
