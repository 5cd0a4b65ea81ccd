// The child of a fork keeps the context of the thread that forked, and makes ids of its own.
#include <sys/wait.h>
#include <unistd.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("fork");
  const waybill::Scope scope{waybill::Context::new_trace({.name = "batch-7"})};
  const pid_t child = fork();
  if (child == 0) {
    const waybill::Scope step{waybill::Context::current().child()};
    log.info("child");
    waybill::flush();  // _exit() writes nothing out
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  log.info("parent");
}

// Prints
//   [batch-7] INFO - child
//   [batch-7] INFO - parent
