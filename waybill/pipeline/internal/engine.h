// Engine: the pipeline's one instance: its options, its lock, its background thread, and what
// happens to them at fork and exit.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include <pthread.h>

#include <waybill/pipeline/internal/bounded_lock.h>
#include <waybill/pipeline/internal/collector.h>
#include <waybill/pipeline/internal/event.h>
#include <waybill/pipeline/pipeline.h>

namespace waybill::internal {

class Engine {
 public:
  // Lives as long as the process, so that records can be written in any static destructor.
  static Engine& get() noexcept;

  void configure(const PipelineOptions& options);
  // A copy that stays, once replaced, as other threads may be reading it.
  const PipelineOptions& options() const noexcept {
    return *options_.load(std::memory_order_acquire);
  }

  Collector& collector() noexcept { return collector_; }
  bool synchronous() const noexcept { return synchronous_.load(std::memory_order_relaxed); }

  // Has the background thread run, if there is to be one.
  void ensure_running() noexcept;

  // The background thread has more to do than it knows.
  void wake() noexcept {
    work_.change();
    if (sleeping_.load(std::memory_order_seq_cst)) work_.wake();
  }

  bool flush(std::chrono::nanoseconds timeout) noexcept;

  // Consumes on this thread what is in the rings, unless this thread is just doing so.
  void consume_here() noexcept;

  // Runs `change` while nothing is consumed, and after what was written before has been.
  template <class Change>
  void between_passes(Change&& change) {
    consume_here();
    const Pass pass(*this);
    change();
  }

  // For a signal handler of a thread that is about to take the process down: has everything written
  // out, by the background thread if that is able to, else by this one. False when the time was
  // over.
  bool flush_in_crash(std::chrono::nanoseconds timeout) noexcept;

  // The end of the process: what is pending is written out, and from here on records are consumed
  // by the threads that write them.
  void end() noexcept;

  // Whether this thread is consuming.
  static bool consuming() noexcept;

 private:
  // Holds the lock under which rings are consumed and sinks called.
  class Pass {
   public:
    explicit Pass(Engine& engine) noexcept;
    // Check holds().
    Pass(Engine& engine, std::chrono::steady_clock::time_point deadline) noexcept;
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass();
    bool holds() const noexcept { return holds_; }

   private:
    Engine& engine_;
    bool holds_ = true;
  };

  Engine();
  bool may_consume() const noexcept;
  void start() noexcept;
  void run() noexcept;
  std::size_t pass() noexcept;
  bool consume_all(std::chrono::steady_clock::time_point deadline) noexcept;
  bool wait_for_background(std::chrono::steady_clock::time_point deadline) noexcept;

  void before_fork() noexcept;
  void after_fork_in_parent() noexcept;
  void after_fork_in_child() noexcept;

  std::atomic<const PipelineOptions*> options_;
  std::vector<std::unique_ptr<const PipelineOptions>> all_options_;  // with those replaced
  Collector collector_;
  BoundedLock lock_;
  bool forking_with_lock_ = false;

  std::atomic<bool> synchronous_ = false;
  std::atomic<bool> ended_ = false;
  pthread_t ending_thread_ = {};

  std::atomic<bool> running_ = false;
  std::atomic<bool> sleeping_ = false;
  Event work_;
  Event done_;
  std::atomic<std::uint64_t> flush_requested_ = 0;
  std::atomic<std::uint64_t> flush_done_ = 0;
  std::uint64_t flush_checkpoint_ = 0;  // what the checkpoint is for
};

}  // namespace waybill::internal
