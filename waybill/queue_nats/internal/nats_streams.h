// What the streams and consumers of a queue are made as.
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include <waybill/queue_nats/internal/nats_names.h>

namespace waybill::queue::internal {

// What a stream takes for a repetition of what it has got. A call lasts a minute at most.
inline constexpr std::chrono::minutes kNatsDuplicateWindow{2};

nlohmann::json nats_line_stream(const NatsNames& names, int replicas);
nlohmann::json nats_dead_stream(const NatsNames& names, int replicas);
nlohmann::json nats_notes_stream(const NatsNames& names, int replicas);
nlohmann::json nats_keys_stream(const NatsNames& names, int replicas,
                                std::chrono::milliseconds kept);
// One that reads from a subject of the line.
nlohmann::json nats_consumer(const std::string& name, const std::string& subject,
                             std::chrono::milliseconds visibility);

}  // namespace waybill::queue::internal
