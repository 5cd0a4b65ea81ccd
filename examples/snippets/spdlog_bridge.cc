// spdlog, as it was, with two lines more: the include and install().
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <waybill/bridges/spdlog.h>
#include <waybill/core/core.h>

int main() {
  spdlog::set_default_logger(
      spdlog::create_async<spdlog::sinks::stdout_sink_mt>("weather"));  // behind spdlog's queue

  waybill::spdlog_bridge::install("[%H:%M:%S] [%n] [{trace_id}] %l - %v {fields}");

  spdlog::info("starting");
  {
    const waybill::Scope scope{
        waybill::Context::new_trace({.name = "batch-7"}).with({{"job_id", "J-1042"}})};
    spdlog::info("Fetching weather for ZIP {}", 98101);
  }
  spdlog::warn("done");
  spdlog::shutdown();
}

// Prints
//   [-] info - starting
//   [batch-7] info - Fetching weather for ZIP 98101 job_id=J-1042
//   [-] warning - done
