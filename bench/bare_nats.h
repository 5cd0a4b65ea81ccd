// Jobs on a JetStream work queue as somebody writes it who has cnats and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace bench {

// From the first job's sending to the last one's ack: one thread publishes them in batches, all of
// a batch on their way at once; another one fetches batches, reads their JSON, and acks each, the
// last of a batch with an answer. Jobs per second; throws std::runtime_error when the server does
// not play along.
double bare_nats_jobs_per_second(std::uint16_t port, std::size_t jobs, std::size_t batch,
                                 const std::string& body);

}  // namespace bench
