#pragma once

namespace waybill::queue {

// Makes open() know "nats:". Thread-safe; more than once is once.
void enable_nats();

}  // namespace waybill::queue
