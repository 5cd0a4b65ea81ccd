// A service between two worlds: it is called with B3, and calls with W3C's headers and Jaeger's.
#include <map>
#include <string>

#include <waybill/core/core.h>
#include <waybill/log/log.h>
#include <waybill/propagation/propagation.h>

int main() {
  using waybill::Format;
  const waybill::Propagator bridge({.formats = {Format::kTraceContext, Format::kJaeger},
                                    .extract_formats = waybill::FormatList{Format::kB3}});

  std::map<std::string, std::string> arrived{
      {"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"}};
  const waybill::Context request = bridge.extract(waybill::MapCarrier(arrived));

  std::map<std::string, std::string> sent;
  waybill::MapCarrier carrier(sent);
  bridge.inject(request, carrier);
  const auto log = waybill::logger("bridge");
  for (const auto& [name, value] : sent) log.info("{}: {}", name, value);
}

// Prints
//   [-] INFO - traceparent: 00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01
//   [-] INFO - uber-trace-id: 80f198ee56343ba864fe8b2a57d3eff7:e457b5a2e4d86bd1:0:1
