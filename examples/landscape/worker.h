// A worker: takes jobs from a queue, does them under the context they came with, and settles them.
//
//   landscape::run_worker({.name = "weather-fetcher", .input = *queue}, [&](const json& job) {
//     ...                                      // log, send: it all belongs to the job's trace
//   });
//
// A job that returns is acked. One that throws RetryLater is tried again, up to max_attempts, and
// then dead-lettered with the reason; any other exception, and a message that is no JSON object,
// is dead-lettered at once.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

#include <waybill/queue/queue.h>

namespace landscape {

class RetryLater : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct WorkerOptions {
  std::string name;
  waybill::queue::Queue& input;
  std::uint32_t max_attempts = 3;
  std::chrono::milliseconds retry_delay{300};
};

using Work = std::function<void(const nlohmann::json& job)>;

// Works until SIGTERM or SIGINT; finishes what it has in hand, then returns 0.
int run_worker(const WorkerOptions& options, const Work& work);

// A job as a message: the JSON with the ambient context in its member `_trace`.
waybill::queue::Message to_message(const nlohmann::json& job);

}  // namespace landscape
