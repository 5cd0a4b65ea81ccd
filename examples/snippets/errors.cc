// Errors that say where they were raised, wherever they are logged.
#include <future>
#include <stdexcept>
#include <string>
#include <variant>

#include <waybill/async/thread.h>
#include <waybill/core/core.h>
#include <waybill/error/error.h>
#include <waybill/log/format.h>
#include <waybill/log/log.h>
#include <waybill/log/sink.h>

// A class of the program's own: the rest of its hierarchy derives from it.
class OrderError : public waybill::WithContext<std::runtime_error> {
  using WithContext::WithContext;
};

namespace {

void send_order(int id) {
  const waybill::Scope order{waybill::Context::new_trace({.name = "order-" + std::to_string(id)})};
  const waybill::Scope fields{waybill::Context::current().with({{"order_id", id}})};
  if (id == 1) throw OrderError("rejected");
  // A library's error knows nothing of contexts. Here, where it comes out, the context is known.
  try {
    (void)std::string("short").at(7);
  } catch (...) {
    waybill::rethrow_enriched();
  }
}

// An error that is returned.
std::variant<double, waybill::Contextual<std::string>> price(std::string_view symbol) {
  const waybill::Scope fields{waybill::Context::current().with({{"symbol", symbol}})};
  return waybill::with_context(std::string("no quote"));
}

}  // namespace

int main() {
  waybill::configure_logging(
      {.outputs = {{waybill::text_format({.pattern = "[{time}] [{run_id}] [{trace_id}] {level} - "
                                                     "{message} (raised in {error.trace_id}, order "
                                                     "{error.order_id}, symbol {error.symbol})"}),
                    waybill::stderr_sink()}}});
  const auto log = waybill::logger("orders");
  const waybill::Scope scope{waybill::Context::new_trace({.name = "supervisor"})};

  for (const int id : {1, 2}) {
    auto sent = waybill::async(std::launch::async, send_order, id);
    try {
      sent.get();
    } catch (const OrderError& error) {
      log.error("{}", error);
    } catch (const std::out_of_range&) {  // still what it was
      log.error("out of range in {}", waybill::context_of(std::current_exception()).trace_name());
    }
  }
  log.warn("{}", std::get<1>(price("AAPL")));
}

// Prints
//   [supervisor] ERROR - OrderError: rejected (raised in order-1, order 1, symbol -)
//   [supervisor] ERROR - out of range in order-2 (raised in -, order -, symbol -)
//   [supervisor] WARN - no quote (raised in -, order -, symbol AAPL)
