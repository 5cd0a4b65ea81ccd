// Context nodes that no context refers to any more, but records in a ring may.
#pragma once

#include <waybill/core/context.h>

namespace waybill::internal {

// For whoever dropped the last reference to a node that has been recorded.
void retire(const detail::ContextNode* node) noexcept;

}  // namespace waybill::internal
