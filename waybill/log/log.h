// log: records that know which request they belong to.
//
//   auto log = waybill::logger("weather-fetcher");
//   log.info("Fetching weather for ZIP {}", zip);
//   log.warn({{"attempt", attempt}}, "Gave up on {}", zip);       // with typed fields of its own
//
// Each record carries the ambient context of its call: trace_id, span_id, parent_span_id and all
// fields. A call copies its arguments into a ring; the background thread of the pipeline makes the
// line of it (waybill/pipeline/pipeline.h). Without any set-up, records of level info and above go
// to standard error as text; configure_logging() chooses otherwise:
//
//   waybill::configure_logging({.service = "landscape-web",
//                               .outputs = {{json_format(), file_sink("logs/web.log")},
//                                           {text_format(), stderr_sink()}}});
//
// logger.h is for writing records, logging.h for setting up, format.h has the formats and sink.h
// the sinks. Uses core, pipeline and, for formatting, fmt.
#pragma once

#include <waybill/log/logger.h>
#include <waybill/log/logging.h>
#include <waybill/pipeline/pipeline.h>
