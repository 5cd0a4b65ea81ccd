// A process that is started with the context in its environment goes on with the trace.
#include <string_view>

#include <spawn.h>
#include <sys/wait.h>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/propagation/environment_carrier.h>
#include <waybill/propagation/propagation.h>

int main(int argc, char** argv) {
  const auto log = waybill::logger("process");
  if (argc > 1 && std::string_view(argv[1]) == "child") {
    const waybill::Scope scope{waybill::context_from_environment().child()};
    log.info("child");
    return 0;
  }
  const waybill::Scope scope{
      waybill::Context::new_trace({.name = "nightly"}).with({{"job_id", "J-7"}, {"secret", 1}})};
  log.info("parent");

  waybill::EnvironmentCarrier environment;
  waybill::inject(waybill::Context::current(), environment, {.trusted = true});
  char argument[] = "child";
  char* arguments[] = {argv[0], argument, nullptr};
  pid_t child = 0;
  posix_spawn(&child, argv[0], nullptr, nullptr, arguments, environment.envp());
  waitpid(child, nullptr, 0);
}

// Prints
//   [nightly] INFO - parent job_id=J-7 secret=1
//   [nightly] INFO - child job_id=J-7
