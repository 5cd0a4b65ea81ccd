// What stands in the member "_trace" of a message: a context as one JSON object, and back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <waybill/core/context.h>

namespace waybill::internal {

inline constexpr std::size_t kMaxFields = 64;
inline constexpr std::size_t kMaxFieldKeySize = 128;
inline constexpr std::size_t kMaxFieldValueSize = 4096;

// Whether the context has anything that `_trace` can say.
bool has_trace_member(const Context& context) noexcept;

// Appends the JSON object. Fields beyond the bounds are left out and counted.
void append_trace_member(std::string& out, const Context& context);

// The context that a valid JSON value says, itself one level deep in other JSON; empty when it is
// no object or its ids are not valid, which is counted.
Context read_trace_member(std::string_view json);

}  // namespace waybill::internal
