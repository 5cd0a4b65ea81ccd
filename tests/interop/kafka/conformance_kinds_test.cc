// The tests of waybill/queue/conformance, for Kafka.

#include <memory>

#include <waybill/queue/conformance/conformance.h>
#include <waybill/queue_kafka/queue_kafka.h>

#include "tests/interop/kafka/shared_server.h"

namespace waybill::queue {

std::vector<ConformanceKind> conformance_kinds() {
  return {{"kafka", [](const std::string& queue) {
             enable_kafka();
             return test::shared_kafka().url(queue);
           }}};
}

}  // namespace waybill::queue
