#include <map>
#include <string>

#include <waybill/core/core.h>
#include <waybill/http/http.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagation.h>
#include <waybill/queue/queue.h>

int main() {
  const waybill::Scope scope{waybill::Context::new_trace({.name = "abc"})};
  std::map<std::string, std::string> headers;
  waybill::MapCarrier carrier(headers);
  waybill::inject(waybill::Context::current(), carrier);

  const auto queue = waybill::queue::open("memory:consumer");
  queue->send({.body = "payload"});
  const auto deliveries = queue->receive(1, std::chrono::milliseconds(100));
  const bool same_trace = deliveries.size() == 1 && deliveries[0].context().trace_name() == "abc";

  waybill::http::Server server({.port = 0});
  server.start();
  const bool listening = server.port() != 0;
  server.stop();

  waybill::logger("consumer").info("installed and running");
  return same_trace && listening && headers.contains("traceparent") ? 0 : 1;
}
