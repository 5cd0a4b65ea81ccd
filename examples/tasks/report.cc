#include "report.h"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include <waybill/core/core.h>
#include <waybill/core/trace_text.h>
#include <waybill/log/log.h>
#include <waybill/trace/trace.h>

namespace tasks {

using waybill::Context;

waybill::task<> write_report(Context request, Basket basket, std::string folder) {
  static const waybill::Logger log = waybill::logger("report");
  const waybill::Link links[] = {waybill::Link(request)};
  const auto span = waybill::span("write report", {{"items", basket.items.size()}},
                                  {.links = links, .new_trace = true});
  const std::string name = waybill::trace_text(request);
  const waybill::Scope scope{Context::current().with({{"request_trace_id", name}})};
  log.info("writing the report that request {} asked for", name);

  std::filesystem::create_directories(folder);
  const std::string path = folder + "/" + name + ".txt";
  std::ofstream file(path);
  for (const PricedItem& each : basket.items) {
    file << fmt::format("{:<10} {:>6.2f}\n", each.item, each.price);
  }
  file << fmt::format("{:<10} {:>6.2f}\n", "total", basket.total) << std::flush;
  if (file) {
    log.info("report written: {}", path);
  } else {
    log.error("cannot write {}", path);
  }
  co_return;
}

}  // namespace tasks
