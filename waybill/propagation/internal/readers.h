// The parsers of single headers, as extract() and the envelope use them: what is refused is counted
// with its reason. An empty text is a header that says nothing: refused, but not counted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/propagation/traceparent.h>
#include <waybill/propagation/x_trace_id.h>

namespace waybill::internal {

std::optional<Traceparent> read_traceparent(std::string_view text) noexcept;
std::optional<XTraceId> read_x_trace_id(std::string_view text) noexcept;

// The header in normal form, as normalize_tracestate() has it; "" for an invalid one. `text` may be
// a view into `storage`.
std::string_view read_tracestate(std::string_view text, std::string& storage);

// The header in normal form, as normalize_baggage() has it, without what is not valid or too much.
// `text` may be a view into `storage`.
std::string_view read_baggage(std::string_view text, std::string& storage);

}  // namespace waybill::internal
