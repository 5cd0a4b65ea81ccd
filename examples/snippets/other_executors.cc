// An executor that knows nothing of Waybill, made to carry the context.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>

#include <waybill/async/propagating.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace {

// Theirs: one thread and a queue.
class Worker {
 public:
  ~Worker() {
    post(nullptr);
    thread_.join();
  }
  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    queue_.push(std::move(work));
    changed_.notify_one();
  }

 private:
  void run() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !queue_.empty(); });
      const auto work = std::move(queue_.front());
      queue_.pop();
      lock.unlock();
      if (!work) return;
      work();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<std::function<void()>> queue_;
  std::thread thread_{[this] { run(); }};
};

}  // namespace

int main() {
  const auto log = waybill::logger("worker");
  Worker worker;
  const auto carrying = waybill::propagating(worker);

  const waybill::Scope scope{waybill::Context::new_trace({.name = "job-3"})};
  worker.post([&] { log.info("without"); });
  carrying.post([&] { log.info("with"); });
}

// Prints
//   [-] INFO - without
//   [job-3] INFO - with
