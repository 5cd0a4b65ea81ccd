#include <cstdio>
#include <map>
#include <string>

#include <waybill/bridges/stdio.h>
#include <waybill/core/core.h>
#include <waybill/error/error.h>
#include <waybill/http/http.h>
#include <waybill/init/init.h>
#include <waybill/log/log.h>
#include <waybill/metrics/metrics.h>
#include <waybill/otlp/otlp.h>
#include <waybill/outbox/outbox.h>
#include <waybill/pipeline/pipeline.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/queue.h>
#include <waybill/queue_kinds/queue_kinds.h>
#include <waybill/repro/repro.h>
#include <waybill/trace/trace.h>
#include <waybill/worker/worker.h>

int main() {
  waybill::init_or_exit({.service = "consumer"});
  const waybill::Scope scope{waybill::Context::new_trace({.name = "abc"})};
  std::map<std::string, std::string> headers;
  waybill::MapCarrier carrier(headers);
  waybill::inject(waybill::Context::current(), carrier);

  waybill::queue::enable_all_kinds();
  const auto queue = waybill::queue::open("memory:consumer");
  queue->send({.body = "payload"});
  const auto deliveries = queue->receive(1, std::chrono::milliseconds(100));
  const bool same_trace = deliveries.size() == 1 && deliveries[0].context().trace_name() == "abc";

  waybill::worker::TaskManager tasks(waybill::queue::open("memory:jobs"));
  waybill::worker::Registry registry;
  bool worked = false;
  waybill::worker::Worker* working = nullptr;
  registry.add("installed", [&](const waybill::worker::json& payload) {
    worked = payload.at("n") == 1;
    working->stop();
  });
  waybill::worker::Worker worker(tasks, registry);
  working = &worker;
  tasks.create_task("installed", {{"n", 1}});
  worker.run();

  const auto relays = [](auto outbox, auto to) { waybill::outbox::Relay(outbox, to); };
  try {
    relays(std::shared_ptr<waybill::outbox::Outbox>(), tasks.queue());
    return 1;
  } catch (const waybill::Error&) {
  }

  waybill::http::Server server({.port = 0});
  server.start();
  const bool listening = server.port() != 0;
  server.stop();

  const auto spans = waybill::memory_span_exporter();
  waybill::configure_tracing({.exporters = {spans}});
  {
    const auto run = waybill::run_scope("installed-run");
    const auto span = waybill::span("consume");
    waybill::Meter("consumer").counter("messages").add(1);
  }
  waybill::flush();
  const bool traced = spans->take().size() == 1 && waybill::collect().metrics.size() == 1;
  const bool exports = waybill::otlp_span_exporter({.environment = false}) != nullptr;
  const auto error = waybill::make_error("kept");
  const bool knows = waybill::context_of(error).trace_name() == "abc";

  waybill::logger("consumer").info("installed and running");
  const bool travels = same_trace && listening && headers.contains("traceparent");
  if (!travels || !traced || !exports || !knows || !worked) {
    std::fprintf(stderr, "travels %d traced %d exports %d knows %d worked %d\n", travels, traced,
                 exports, knows, worked);
  }
  return travels && traced && exports && knows && worked ? 0 : 1;
}
