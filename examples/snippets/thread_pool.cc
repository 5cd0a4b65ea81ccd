// A pool whose tasks run under the context of who submitted them.
#include <waybill/async/thread_pool.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("pool");
  waybill::ThreadPool pool({.threads = 4});

  for (int job = 1; job <= 3; ++job) {
    const waybill::Scope scope{waybill::Context::new_trace({.name = "request"})};
    const waybill::Scope fields{waybill::Context::current().with({{"job_id", job}})};
    waybill::Future<int> square = pool.submit(
        [&](int n) {
          log.info("computing");
          return n * n;
        },
        job);
    log.info("got {}", square.get());
  }
}

// Prints
//   [request] INFO - computing job_id=1
//   [request] INFO - got 1 job_id=1
//   [request] INFO - computing job_id=2
//   [request] INFO - got 4 job_id=2
//   [request] INFO - computing job_id=3
//   [request] INFO - got 9 job_id=3
