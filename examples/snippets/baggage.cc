// Baggage goes with the request, and some of it becomes fields at the other end: where both sides
// trust each other.
#include <map>
#include <string>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagation.h>

int main() {
  const auto log = waybill::logger("baggage");
  std::map<std::string, std::string> headers;
  waybill::MapCarrier carrier(headers);
  {
    const waybill::Context request =
        waybill::Context::new_trace({.name = "order-9"}).with({{"account_id", "acme"}});
    const waybill::Scope scope{waybill::set_baggage(request, "tenant", "Acme & Sons")};
    waybill::inject(waybill::Context::current(), carrier, {.trusted = true});
    log.info("sent {}", headers["baggage"]);
  }
  const waybill::Scope scope{waybill::extract(carrier, {.trusted = true}).child()};
  log.info("received for {}", *waybill::get_baggage(waybill::Context::current(), "tenant"));
}

// Prints
//   [order-9] INFO - sent tenant=Acme%20&%20Sons,account_id=acme account_id=acme
//   [order-9] INFO - received for Acme & Sons account_id=acme
