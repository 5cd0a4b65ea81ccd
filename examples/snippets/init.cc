// One line sets everything up; what it does not say, a file or the environment may.
#include <waybill/core/core.h>
#include <waybill/init/init.h>
#include <waybill/log/log.h>

int main() {
  waybill::init_or_exit({.service = "weather-fetcher",
                         .resource = {{"service.version", "1.4.0"}},
                         .log = {.levels = "http=debug", .format = waybill::LogFormatName::kText},
                         .pipeline = {.when_full = waybill::WhenFull::kWait}});

  const waybill::Scope job{waybill::Context::new_trace({.name = "nightly"})};
  waybill::logger("weather").info("Fetching weather for ZIP {zip}", fmt::arg("zip", 98101));
  waybill::logger("weather").debug("not shown");
  waybill::logger("http").debug("GET /weather/98101");
}

// Prints
//   [nightly] INFO - Fetching weather for ZIP 98101 zip=98101
//   [nightly] DEBUG - GET /weather/98101
