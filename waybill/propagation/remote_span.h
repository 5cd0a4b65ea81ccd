// RemoteSpan: what the headers of any format say of the trace and span that a message comes from.
#pragma once

#include <waybill/core/ids.h>
#include <waybill/core/sampling.h>

namespace waybill {

struct RemoteSpan {
  TraceId trace_id =
      {};  // with only the low 8 bytes set where the format, or the sender, has 64 bits
  SpanId span_id = {};         // the sender's span: the parent of what happens here
  SpanId parent_span_id = {};  // the sender's own parent, where the format tells
  Sampling sampling = Sampling::kUndecided;

  friend bool operator==(const RemoteSpan&, const RemoteSpan&) noexcept = default;
};

}  // namespace waybill
