// A worker: takes jobs from a queue, does them under the context they came with, and settles them.
//
//   landscape::run_worker("weather-fetcher", *queue, options, [&](const json& job) {
//     ...                                      // log, send: it all belongs to the job's trace
//   });
//
// A job that returns is acked. One that throws is tried again, up to max_attempts times in all, and
// then dead-lettered with the reason. A message that is no JSON object is dead-lettered at once: it
// will not be one the next time.
#pragma once

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/queue/queue.h>

#include "options.h"

namespace landscape {

using Work = std::function<void(const nlohmann::json& job)>;

// Works until SIGTERM or SIGINT; finishes what it has in hand, then returns 0.
int run_worker(const std::string& name, waybill::queue::Queue& input, const Options& options,
               const Work& work);

// A job as a message: the JSON with the ambient context in its member `_trace`.
waybill::queue::Message to_message(const nlohmann::json& job);

}  // namespace landscape
