// A coroutine type of one's own: one base class makes it carry its context.
#include <coroutine>
#include <exception>
#include <thread>

#include <waybill/async/context_promise.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

namespace {

const auto logger = waybill::logger("job");

// Begins at once, and destroys itself at its end.
struct Job {
  struct promise_type : waybill::ContextPromise<std::suspend_never, std::suspend_never> {
    Job get_return_object() { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

// An awaiter that knows nothing of contexts: it resumes on a new thread.
struct NewThread {
  std::thread& thread;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> handle) const {
    thread = std::thread([handle] { handle.resume(); });
  }
  void await_resume() const noexcept {}
};

Job job(std::thread& thread) {
  const waybill::Scope scope{waybill::Context::current().with({{"job_id", 42}})};
  logger.info("here");
  co_await NewThread{thread};
  logger.info("on another thread");
}

}  // namespace

int main() {
  std::thread thread;
  const waybill::Scope scope{waybill::Context::new_trace({.name = "batch-7"})};
  job(thread);
  logger.info("back in main");
  thread.join();
}

// Prints
//   [batch-7] INFO - here job_id=42
//   [batch-7] INFO - on another thread job_id=42
//   [batch-7] INFO - back in main
