// Threads and futures that inherit the context of who starts them.
#include <thread>

#include <waybill/async/thread.h>
#include <waybill/core/core.h>
#include <waybill/log/log.h>

int main() {
  const auto log = waybill::logger("threads");
  const waybill::Scope scope{waybill::Context::new_trace({.name = "batch-7"})};

  waybill::thread thread([&] { log.info("waybill::thread"); });
  thread.join();

  {
    const waybill::jthread joins_itself([&] { log.info("waybill::jthread"); });
  }

  auto future = waybill::async(std::launch::async, [&] { log.info("waybill::async"); });
  future.get();

  // A plain thread begins with no context, unless what it runs is bound.
  std::thread([&] { log.info("std::thread"); }).join();
  std::thread(waybill::bind([&] { log.info("std::thread with bind"); })).join();
}

// Prints
//   [batch-7] INFO - waybill::thread
//   [batch-7] INFO - waybill::jthread
//   [batch-7] INFO - waybill::async
//   [-] INFO - std::thread
//   [batch-7] INFO - std::thread with bind
