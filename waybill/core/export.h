// The whole context as a dictionary, for whoever wants it in a result, a row or an error report.
#pragma once

#include <map>
#include <string>

#include <waybill/core/context.h>

namespace waybill {

// trace_id (the trace name where there is one), span_id, parent_span_id and every field, as text.
// What is not there is left out. An id wins over a field of the same name.
std::map<std::string, std::string> export_fields(const Context& context = Context::current());

}  // namespace waybill
