// callback_sink: each record to a function of the program's own.
//
//   auto alarms = waybill::callback_sink([&](const waybill::LogRecord& record) {
//     pager.ring(std::string(record.message));
//   });
//   waybill::configure_logging({.outputs = {{json_format(), file_sink("web.log")},
//                                           {.level = waybill::Level::kError, .records =
//                                           alarms}}});
#pragma once

#include <functional>
#include <memory>

#include <waybill/log/sink.h>

namespace waybill {

// The function runs on the background thread, one call at a time, and holds up all outputs while it
// runs: it should not wait. What the record refers to is gone when it returns. When it throws, the
// record counts as lost; the exception goes no further. What it logs itself comes back to it: a
// function that logs on each call never ends.
//
// Throws Error for an empty function.
std::shared_ptr<LogRecordSink> callback_sink(std::function<void(const LogRecord&)> callback);

}  // namespace waybill
