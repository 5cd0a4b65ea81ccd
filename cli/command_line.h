// The command line of `waybill`: what its arguments mean, and what follows from them.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace waybill::cli {

// Does what the arguments (without the program's name) ask for, and returns the exit status (see
// exit_status.h). Never throws for wrong arguments or unreadable files: it says so on `err`.
int run_command_line(const std::vector<std::string>& arguments, std::ostream& out,
                     std::ostream& err);

}  // namespace waybill::cli
