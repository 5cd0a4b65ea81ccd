// log_metrics_sink: counts log records by level and logger.
//
//   waybill::configure_logging({.outputs = {{json_format(), stdout_sink()},
//                                           {.records = waybill::log_metrics_sink()}}});
//
//   log.records   counter   {record}   by log.level ("ERROR") and log.logger
//
// With exemplars: a rise of errors leads to the traces that they were logged in.
#pragma once

#include <memory>

#include <waybill/log/sink.h>

namespace waybill {

// Throws Error where there is another instrument of that name.
std::shared_ptr<LogRecordSink> log_metrics_sink();

}  // namespace waybill
