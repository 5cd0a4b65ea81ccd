// The help texts of the command and its subcommands.
#pragma once

#include <string_view>

namespace waybill::cli {

extern const std::string_view kHelp;
extern const std::string_view kTraceHelp;
extern const std::string_view kQueryHelp;
extern const std::string_view kQueueHelp;

}  // namespace waybill::cli
