// Links the rooms that stand on most others; ends with 0 if a job was done under its trace.
#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/worker/worker.h>

int main() {
  const waybill::Scope trace{waybill::Context::new_trace({.name = "packaged"})};
  waybill::worker::TaskManager tasks(waybill::queue::open("memory:jobs"));
  waybill::worker::Registry registry;
  waybill::worker::Worker* working = nullptr;
  bool traced = false;
  registry.add("task", [&](const waybill::worker::json&) {
    traced = waybill::Context::current().trace_name() == "packaged";
    waybill::logger("example").info("working");
    working->stop();
  });
  waybill::worker::Worker worker(tasks, registry);
  working = &worker;
  tasks.create_task("task", {});
  worker.run();
  return traced ? 0 : 1;
}
