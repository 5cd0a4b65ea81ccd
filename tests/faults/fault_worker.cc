// A worker that is made to be killed: for each attempt it appends two lines to a journal, "JOB
// ATTEMPT TRACE begun" and "... done", before the job is acked.
//
//   fault_worker URL JOURNAL       until SIGTERM
#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/core/trace_text.h>
#include <waybill/queue_kinds/queue_kinds.h>
#include <waybill/worker/worker.h>

#include "tests/faults/options.h"

namespace {

using namespace std::chrono_literals;
using namespace waybill::worker;

// Once its queue can be opened: the server may just be coming back.
std::shared_ptr<waybill::queue::Queue> open_queue(const std::string& url) {
  for (int tries = 1;; ++tries) {
    try {
      return waybill::queue::open(url, waybill::faults::kOptions);
    } catch (const std::exception&) {
      if (tries == 300) throw;
      std::this_thread::sleep_for(100ms);
    }
  }
}

void note(int journal, const Execution& execution, const char* what) {
  const std::string line = execution.job().id + ' ' + std::to_string(execution.attempt()) + ' ' +
                           waybill::trace_text() + ' ' + what + '\n';
  if (write(journal, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw std::runtime_error("the journal cannot be written");
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: fault_worker URL JOURNAL\n");
    return 2;
  }
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);
  waybill::queue::enable_all_kinds();

  const int journal = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  Registry registry;
  registry.add("step",
               [journal](const json&, Execution& execution) {
                 note(journal, execution, "begun");
                 std::this_thread::sleep_for(3ms);
                 note(journal, execution, "done");
               },
               {.retry = {.max_attempts = 100}});
  Worker worker(TaskManager(open_queue(argv[1])), registry,
                {.concurrency = 4,
                 .in_hand = 64,
                 .visibility_timeout = waybill::faults::kOptions.visibility_timeout});
  std::thread working([&worker] { worker.run(); });
  int signal = 0;
  sigwait(&end, &signal);
  worker.stop();
  working.join();
  return 0;
}
