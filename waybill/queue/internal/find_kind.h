// What add_kind() has been told.
#pragma once

#include <string_view>

#include <waybill/queue/kinds.h>

namespace waybill::queue::internal {

// Null: none of this scheme.
OpenFunction find_kind(std::string_view scheme);

}  // namespace waybill::queue::internal
