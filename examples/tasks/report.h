// The report of a basket: written in the background, after the request has been answered.
#pragma once

#include <string>

#include <waybill/async/task.h>
#include <waybill/core/context.h>

#include "pricer.h"

namespace tasks {

// Writes FOLDER/TRACE.txt, where TRACE is the trace of the request. It is a trace of its own, as it
// may take longer than anybody waits; its span has a link to the request's, and each of its records
// the field request_trace_id.
waybill::task<> write_report(waybill::Context request, Basket basket, std::string folder);

}  // namespace tasks
