// log: records that know which request they belong to.
//
//   auto log = waybill::logger("weather-fetcher");
//   log.info("Fetching weather for ZIP {}", zip);
//   log.warn({{"attempt", attempt}}, "Gave up on {}", zip);       // with typed fields of its own
//
// Each record carries the ambient context of its call: trace_id, span_id, parent_span_id and all
// fields. Without any set-up, records of level info and above go to standard error as text;
// configure_logging() chooses otherwise:
//
//   waybill::configure_logging({.service = "landscape-web",
//                               .outputs = {{json_format(), file_sink("logs/web.log")},
//                                           {text_format(), stderr_sink()}}});
//
// Uses core and, for formatting, fmt.
#pragma once

#include <waybill/log/logger.h>
#include <waybill/log/logging.h>
