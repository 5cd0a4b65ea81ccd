#include <waybill/queue/kinds.h>
#include <waybill/queue_nats/internal/nats_queue.h>
#include <waybill/queue_nats/queue_nats.h>

namespace waybill::queue {

void enable_nats() {
  add_kind("nats", [](std::string_view url, const Options& options) -> std::unique_ptr<Queue> {
    return std::make_unique<internal::NatsQueue>(url, options);
  });
}

}  // namespace waybill::queue
