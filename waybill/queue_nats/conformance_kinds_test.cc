// The tests of waybill/queue/conformance, for NATS JetStream.

#include <memory>

#include <waybill/queue/conformance/conformance.h>
#include <waybill/queue_nats/internal/test_nats.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {

std::vector<ConformanceKind> conformance_kinds() {
  // One server for all suites, started with the first test that asks for it.
  static std::unique_ptr<internal::TestNats> nats;
  return {{"nats", [](const std::string& queue) {
             enable_nats();
             if (nats == nullptr) nats = std::make_unique<internal::TestNats>();
             return nats->url(queue);
           }}};
}

}  // namespace waybill::queue
