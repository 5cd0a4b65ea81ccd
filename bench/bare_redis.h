// Jobs on a Redis stream as somebody writes it who has hiredis and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

// From the first job's sending to the last one's ack: one thread sends them in pipelined batches,
// another one receives, reads their JSON, and acks, in batches too. Jobs per second; throws
// std::runtime_error when the server does not play along.
double bare_redis_jobs_per_second(std::uint16_t port, std::size_t jobs, std::size_t batch,
                                  const std::string& body);

}  // namespace bench
