// All formats. Each turns a record into a line; each has its own header, which says what is in it.
//
//   text_format()           [2026-11-20T23:58:01.000042Z] [r1] [abc-123] INFO - Fetched zip=98101
//   console_format()        the same for a terminal, in colours
//   json_format()           {"time":"…","severity":"INFO","message":"Fetched","zip":98101}
//   logfmt_format()         time=… level=info msg=Fetched zip=98101
//   google_cloud_format()   JSON as Google Cloud Logging's agents read it
//   ecs_format()            JSON in the Elastic Common Schema
//   datadog_format()        JSON with Datadog's attributes
//   otel_json_format()      OTLP/JSON, for the OpenTelemetry Collector's file receiver
#pragma once

#include <waybill/log/datadog_format.h>
#include <waybill/log/ecs_format.h>
#include <waybill/log/google_cloud_format.h>
#include <waybill/log/json_format.h>
#include <waybill/log/log_format.h>
#include <waybill/log/logfmt_format.h>
#include <waybill/log/otel_json_format.h>
#include <waybill/log/text_format.h>
