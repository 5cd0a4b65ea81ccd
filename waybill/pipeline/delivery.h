// Delivery: what carries records further on a thread of its own, as an exporter does that waits for
// a network. flush(), and the end of the process, wait for it too.
#pragma once

#include <chrono>

namespace waybill::detail {

class Delivery {
 public:
  virtual ~Delivery() = default;

  // Somebody is going to wait: what has been handed over is to be delivered now. Does not wait for
  // it, so that all deliveries are under way while one of them is waited for. Called by whatever
  // thread flushes, not the background thread, without the pipeline's lock.
  virtual void request_delivery() noexcept = 0;

  // After request_delivery(): waits until everything that was handed over before this call is where
  // it is to be, or has been given up. False when the time was over.
  virtual bool wait_until_delivered(std::chrono::steady_clock::time_point deadline) noexcept = 0;

  // The orderly end of the process, after request_delivery(): as wait_until_delivered(), and then
  // no more threads, network or libraries are used; what is handed over later is lost, and counted
  // by the pipeline. Runs before the handlers that libraries registered (atexit) before this was.
  // May come without the time for anything but to end.
  virtual void end(std::chrono::steady_clock::time_point deadline) noexcept = 0;

  // In the child of a fork: its threads are gone, and what is pending is the parent's to deliver.
  virtual void after_fork_in_child() noexcept = 0;
};

// From here on, until it is removed. Thread-safe. Removing waits for a call that is under way.
// What hands over to another delivery is added after it, and is waited for before it.
void add_delivery(Delivery& delivery);
void remove_delivery(Delivery& delivery) noexcept;

}  // namespace waybill::detail
