// What is fixed for queues in Kafka.
#pragma once

#include <chrono>
#include <cstddef>

namespace waybill::queue::internal {

// Of a message: what topics are made for and clients take.
inline constexpr std::size_t kKafkaMostBytes = 32 << 20;
// Of those that may be received now, a process reads so many ahead.
inline constexpr std::size_t kKafkaMostAhead = 10'000;
inline constexpr std::size_t kKafkaMostBytesAhead = 64 << 20;
// Of what receive() gives at a time, and of what peek() shows.
inline constexpr std::size_t kKafkaMostTaken = 1'000;
inline constexpr std::size_t kKafkaMostShown = 10'000;
// After so long the group gives the partitions of a member that is not heard from to another.
inline constexpr std::chrono::seconds kKafkaSessionTimeout{10};
// Between attempts at what has failed.
inline constexpr std::chrono::milliseconds kKafkaAgain{20};
// What is put back for longer is written to the retry topic; else it waits where it stands.
inline constexpr std::chrono::milliseconds kKafkaWaitsInPlace{1000};

}  // namespace waybill::queue::internal
