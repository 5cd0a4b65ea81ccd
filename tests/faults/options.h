// How the queues are opened.
#pragma once

#include <chrono>

#include <waybill/queue/queue.h>

namespace waybill::faults {

// What a worker that was killed had in hand comes back soon.
inline constexpr queue::Options kOptions{.visibility_timeout = std::chrono::seconds(3)};

}  // namespace waybill::faults
