// Lists of format names, as people write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <waybill/propagation/format.h>

namespace waybill::internal {

struct FormatNames {
  FormatList formats = FormatList::none();
  std::vector<std::string> unknown;
};

FormatNames read_format_names(std::string_view names);

// "tracecontext, baggage, ..., none"
std::string known_format_names();

}  // namespace waybill::internal
