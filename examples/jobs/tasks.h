// What the workers do.
//
//   qualify-lead   scores a lead, its parts in parallel on a pool, and has its credit checked
//   check-credit   asks the credit bureau, which is not always to be had
#pragma once

#include <string>

#include <waybill/async/thread_pool.h>
#include <waybill/http/client.h>
#include <waybill/worker/registry.h>

namespace jobs {

// What the tasks use; it outlives the worker.
struct Services {
  waybill::ThreadPool& pool;
  waybill::http::Client& client;
  std::string credit_url;
};

waybill::worker::Registry make_registry(Services services);

}  // namespace jobs
