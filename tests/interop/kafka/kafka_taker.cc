// A consumer that is made to be killed: for each message that it is given it appends a line to a
// file, "BODY ATTEMPT". The first COUNT it acks, all that follow it keeps.
//
//   kafka_taker URL FILE COUNT VISIBILITY_MS
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <waybill/queue/queue.h>
#include <waybill/queue_kafka/queue_kafka.h>

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: kafka_taker URL FILE COUNT VISIBILITY_MS\n");
    return 2;
  }
  waybill::queue::enable_kafka();
  const auto queue = waybill::queue::open(
      argv[1], {.visibility_timeout = std::chrono::milliseconds(std::atoi(argv[4]))});
  const int file = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  int acks = std::atoi(argv[3]);
  std::vector<waybill::queue::Delivery> kept;
  for (;;) {
    for (auto& delivery : queue->receive(10, std::chrono::seconds(1))) {
      if (acks > 0 && delivery.ack()) --acks;
      const std::string line = delivery.body() + ' ' + std::to_string(delivery.attempt()) + '\n';
      if (write(file, line.data(), line.size()) < 0) return 1;
      kept.push_back(std::move(delivery));
    }
  }
}
